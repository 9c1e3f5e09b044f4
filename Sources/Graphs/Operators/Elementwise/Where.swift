import Torch

/// Elements of the second input where the first is true, and of the third where it is false, all three broadcast.
struct Where: Operator {
    static let names = ["Where"]

    init(_ node: Node) throws(GraphError) { try node.requireInputs(3...3) }

    func evaluate(_ inputs: [Tensor?]) throws -> [Tensor] {
        [try aten("where.self", inputs.required(0).to(.bool), inputs.required(1), inputs.required(2))]
    }
}

extension Where {
    /// Axes that are read together are joined.
    func label(_ inputs: [Value?], in labelling: inout Labelling) throws -> [Value] {
        [Value(try labelling.broadcast(inputs.compactMap { $0?.axes }))]
    }
}
