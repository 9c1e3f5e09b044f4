import Torch

/// The indices of all elements that are not zero, one row for each axis.
struct NonZero: Operator {
    static let names = ["NonZero"]

    init(_ node: Node) throws(GraphError) { try node.requireInputs(1...1) }

    func evaluate(_ inputs: [Tensor?]) throws -> [Tensor] {
        [try aten("t", aten("nonzero", inputs.required(0).requiringRank(atLeast: 1)))]
    }
}
