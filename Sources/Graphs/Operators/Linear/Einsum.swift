import Torch

/// A sum of products over the axes that share a letter.
struct Einsum: Operator {
    static let names = ["Einsum"]

    let equation: String

    init(_ node: Node) throws(GraphError) {
        try node.requireInputs(max(1, node.inputs.count)...Int.max)
        equation = try node.text("equation", default: "")
    }

    func evaluate(_ inputs: [Tensor?]) throws -> [Tensor] {
        [try aten("einsum", equation, inputs.indices.map(inputs.required))]
    }
}
