import Torch

/// The inputs one after the other along an axis.
struct Concatenation: Operator {
    static let names = ["Concat"]

    let axis: Int

    init(_ node: Node) throws(GraphError) {
        try node.requireInputs(max(1, node.inputs.count)...Int.max)
        axis = try node.integer("axis", default: 1)
    }

    func evaluate(_ inputs: [Tensor?]) throws -> [Tensor] {
        [try aten("cat", inputs.indices.map(inputs.required), inputs.required(0).axis(axis))]
    }
}
