import Torch

/// The matrix product over the last two axes, the others broadcast.
struct MatMul: Operator {
    static let names = ["MatMul"]

    init(_ node: Node) throws(GraphError) { try node.requireInputs(2...2) }

    func evaluate(_ inputs: [Tensor?]) throws -> [Tensor] {
        [try aten("matmul", inputs.required(0), inputs.required(1))]
    }
}
