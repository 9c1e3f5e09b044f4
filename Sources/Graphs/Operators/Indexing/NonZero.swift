import Torch

/// The indices of all elements that are not zero, one row for each axis.
struct NonZero: Operator {
    static let names = ["NonZero"]

    init(_ node: Node) throws(GraphError) { try node.requireInputs(1...1) }

    func evaluate(_ inputs: [Tensor?]) throws -> [Tensor] {
        [try aten("t", aten("nonzero", inputs.required(0).requiringRank(atLeast: 1)))]
    }
}

extension NonZero {
    /// How many elements there are depends on data, unless the input is known.
    func label(_ inputs: [Value?], in labelling: inout Labelling) throws -> [Value] {
        try evaluate([inputs.required(0).known()]).map(Value.init(constant:))
    }
}
