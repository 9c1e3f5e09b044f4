import Torch

/// `x / (bias + α/size Σ x²)^β`, with the sum over neighbouring channels.
///
/// - Source: Krizhevsky et al. 2012, *ImageNet Classification with Deep Convolutional Neural Networks*, §3.3.
struct LocalResponseNormalization: Operator {
    static let names = ["LRN"]

    /// The number of channels in the sum, of which those before the middle one are no more than those after it.
    let size: Int
    let alpha: Double
    let beta: Double
    let bias: Double

    init(_ node: Node) throws(GraphError) {
        try node.requireInputs(1...1)
        size = try node.integer("size", default: 0)
        guard size > 0 else { throw node.refused("size", expected: "a positive integer") }
        alpha = try node.number("alpha", default: 1e-4)
        beta = try node.number("beta", default: 0.75)
        bias = try node.number("bias", default: 1)
    }

    func evaluate(_ inputs: [Tensor?]) throws -> [Tensor] {
        let x = try inputs.required(0).requiringRank(atLeast: 2)
        let channels = x.size(1)
        // Neighbours further away than there are channels do not exist.
        let (before, after) = (min((size - 1) / 2, channels), min(size / 2, channels))
        let pads = [Int](repeating: 0, count: 2 * (x.rank - 2)) + [before, after]
        let squares = try aten("constant_pad_nd", aten("square", x), pads)
        var sum = try aten("narrow", squares, 1, 0, channels)
        for offset in 0..<before + after {
            sum = try aten("add.Tensor", sum, aten("narrow", squares, 1, offset + 1, channels))
        }
        let base = try aten("add.Scalar", aten("mul.Scalar", sum, alpha / Double(size)), bias)
        return [try aten("div.Tensor", x, aten("pow.Tensor_Scalar", base, beta))]
    }
}

extension LocalResponseNormalization {
    /// Neighbouring channels are told apart.
    func label(_ inputs: [Value?], in labelling: inout Labelling) throws -> [Value] {
        let x = try inputs.required(0)
        if size > 1 { labelling.fix([try x.axis(1)]) }
        return [Value(x.axes)]
    }
}
