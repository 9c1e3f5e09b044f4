import Torch

/// `α A B + β C`, where `A` and `B` may be transposed and `C` is broadcast.
struct Gemm: Operator {
    static let names = ["Gemm"]

    let alpha: Double
    let beta: Double
    let transposesA: Bool
    let transposesB: Bool

    init(_ node: Node) throws(GraphError) {
        try node.requireInputs(2...3)
        alpha = try node.number("alpha", default: 1)
        beta = try node.number("beta", default: 1)
        transposesA = try node.truth("transA", default: false)
        transposesB = try node.truth("transB", default: false)
    }

    func evaluate(_ inputs: [Tensor?]) throws -> [Tensor] {
        var (a, b) = (try inputs.required(0), try inputs.required(1))
        if transposesA { a = try aten("t", a) }
        if transposesB { b = try aten("t", b) }
        var result = try aten("mm", a, b)
        if alpha != 1 { result = try aten("mul.Scalar", result, alpha) }
        guard let c = inputs.optional(2), beta != 0 else { return [result] }
        return [try aten("add.Tensor", result, beta == 1 ? c : aten("mul.Scalar", c, beta))]
    }
}

extension Gemm {
    /// The inner axes of `A` and `B` are joined; the outer ones pass through and are joined to those of `C`.
    func label(_ inputs: [Value?], in labelling: inout Labelling) throws -> [Value] {
        let (a, b) = (try inputs.required(0).axes, try inputs.required(1).axes)
        guard a.count == 2, b.count == 2 else {
            throw OperandError(expected: "two matrices", found: "\(a.count) and \(b.count) axes")
        }
        let (rows, inner) = transposesA ? (a[1], a[0]) : (a[0], a[1])
        let (other, columns) = transposesB ? (b[1], b[0]) : (b[0], b[1])
        try labelling.unify(inner, other)
        guard let c = inputs.optional(2), beta != 0 else { return [Value([rows, columns])] }
        return [Value(try labelling.broadcast([[rows, columns], c.axes]))]
    }
}
