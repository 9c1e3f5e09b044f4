import Torch

/// `x / ‖x‖` along one axis, with the norm `Σ|x|` or `√Σx²`.
struct LpNormalization: Operator {
    static let names = ["LpNormalization"]

    let axis: Int
    /// 1 or 2.
    let order: Int

    init(_ node: Node) throws(GraphError) {
        try node.requireInputs(1...1)
        axis = try node.integer("axis", default: -1)
        order = try node.integer("p", default: 2)
        guard (1...2).contains(order) else { throw node.refused("p", expected: "1 or 2") }
    }

    func evaluate(_ inputs: [Tensor?]) throws -> [Tensor] {
        let x = try inputs.required(0)
        let norm = try aten("linalg_vector_norm", x, order, [x.axis(axis)], true)
        let quotient = try aten("div.Tensor", x, norm)
        return [try aten("where.self", aten("eq.Scalar", norm, 0), aten("zeros_like", x), quotient)]
    }
}

extension LpNormalization {
    /// Axes pass through: norms and averages do not depend on order.
    func label(_ inputs: [Value?], in labelling: inout Labelling) throws -> [Value] {
        [Value(try inputs.required(0).axes)]
    }
}
