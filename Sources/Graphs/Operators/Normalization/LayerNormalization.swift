import Torch

/// `scale (x − mean) / √(variance + ε) + shift` over the last axes.
///
/// - Source: Ba et al., arXiv:1607.06450.
struct LayerNormalization: Operator {
    static let names = ["LayerNormalization"]

    /// The first of the axes that are normalised.
    let axis: Int
    let epsilon: Double

    init(_ node: Node) throws(GraphError) {
        try node.requireInputs(2...3)
        axis = try node.integer("axis", default: -1)
        epsilon = try node.number("epsilon", default: 1e-5)
    }

    func evaluate(_ inputs: [Tensor?]) throws -> [Tensor] {
        let x = try inputs.required(0)
        let axes = try Array(x.axis(axis)..<x.rank)
        let mean = try aten("mean.dim", x, axes, true)
        let centred = try aten("sub.Tensor", x, mean)
        let variance = try aten("mean.dim", aten("square", centred), axes, true)
        let factor = try aten("rsqrt", aten("add.Scalar", variance, epsilon))
        let result = try aten("mul.Tensor", centred, factor).affine(inputs.required(1), inputs.optional(2))
        return [result, mean, factor]
    }
}

extension LayerNormalization {
    /// Scale and shift go with the axes that are normalised.
    func label(_ inputs: [Value?], in labelling: inout Labelling) throws -> [Value] {
        let x = try inputs.required(0)
        let axes = try labelling.broadcast(inputs.compactMap { $0?.axes })
        let first = try Graphs.axis(axis, of: x.rank)
        let mean = Value(x.axes.indices.map { $0 < first ? axes[$0] : .fixed(1) })
        return [Value(axes), mean, mean]
    }
}
