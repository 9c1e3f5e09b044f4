import Torch

/// `max(x, 0) + slope min(x, 0)` with slopes that are broadcast against `x`.
struct PRelu: Operator {
    static let names = ["PRelu"]

    init(_ node: Node) throws(GraphError) { try node.requireInputs(2...2) }

    func evaluate(_ inputs: [Tensor?]) throws -> [Tensor] {
        let (x, slope) = (try inputs.required(0), try inputs.required(1))
        return [try aten("where.self", aten("lt.Scalar", x, 0), aten("mul.Tensor", x, slope), x)]
    }
}

extension PRelu {
    /// Axes that are read together are joined.
    func label(_ inputs: [Value?], in labelling: inout Labelling) throws -> [Value] {
        [Value(try labelling.broadcast(inputs.compactMap { $0?.axes }))]
    }
}
