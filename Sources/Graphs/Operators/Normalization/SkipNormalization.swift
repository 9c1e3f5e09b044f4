import Torch

/// The sum of two inputs and a bias, normalised over the last axis.
///
/// - Input: `x`, what is added to it, the scale, then the shift unless only the scale is normalised, then the bias.
/// - Output: the normalised sum, two results that only training uses, and the sum.
struct SkipNormalization: Operator {
    static let names = ["com.microsoft::SkipLayerNormalization", "com.microsoft::SkipSimplifiedLayerNormalization"]

    /// Whether the mean is taken away, and a shift added.
    let isCentred: Bool
    let epsilon: Double

    init(_ node: Node) throws(GraphError) {
        isCentred = node.operation == "com.microsoft::SkipLayerNormalization"
        try node.requireInputs(3...(isCentred ? 5 : 4))
        epsilon = try node.number("epsilon", default: 1e-12)
    }

    func evaluate(_ inputs: [Tensor?]) throws -> [Tensor] {
        var sum = try aten("add.Tensor", inputs.required(0), inputs.required(1))
        if let bias = inputs.optional(isCentred ? 4 : 3) { sum = try aten("add.Tensor", sum, bias) }
        sum = try sum.requiringRank(atLeast: 1)
        let scale = try inputs.required(2)
        let mean = try aten("mean.dim", sum, [-1], true)
        let centred = isCentred ? try aten("sub.Tensor", sum, mean) : sum
        let power = try aten("mean.dim", aten("square", centred), [-1], true)
        let factor = try aten("rsqrt", aten("add.Scalar", power, epsilon))
        let result = try aten("mul.Tensor", centred, factor).affine(scale, isCentred ? inputs.optional(3) : nil)
        return [result, mean, factor, sum]
    }
}

extension SkipNormalization {
    /// The summands are joined; scale, shift and bias go with the last axis.
    func label(_ inputs: [Value?], in labelling: inout Labelling) throws -> [Value] {
        let axes = try labelling.broadcast(inputs.compactMap { $0?.axes })
        let mean = Value(axes.dropLast() + [.fixed(1)])
        return [Value(axes), mean, mean, Value(axes)]
    }
}
