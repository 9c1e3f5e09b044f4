import Torch

/// `scale (x − mean) / √(variance + ε) + shift` for each channel, with the averages that training left, or with those of
/// the input itself, as in training and in the standardisation of weights.
///
/// - Input: `x` `[batch, channels, …]`, then scale, shift, mean and variance, each `[channels]`.
/// - Output: the shape of `x`; where the averages are the input's own, the running ones, moved towards them.
struct BatchNormalization: Operator {
    static let names = ["BatchNormalization"]

    let epsilon: Double
    /// Whether the averages are the input's own.
    let averagesInput: Bool
    /// How much of the running averages is kept.
    let momentum: Double

    init(_ node: Node) throws(GraphError) {
        try node.requireInputs(5...5)
        epsilon = try node.number("epsilon", default: 1e-5)
        momentum = try node.number("momentum", default: 0.9)
        averagesInput = try node.truth("training_mode", default: false)
        if node.version < 9, try !node.truth("spatial", default: true) {
            throw node.refused("spatial", expected: "1")
        }
    }

    func evaluate(_ inputs: [Tensor?]) throws -> [Tensor] {
        let x = try inputs.required(0).requiringRank(atLeast: 2)
        if averagesInput { return try standardized(x, inputs) }
        return [
            try aten(
                "batch_norm", x, inputs.required(1), inputs.required(2), inputs.required(3), inputs.required(4), false,
                0.0, epsilon, false)
        ]
    }

    private func standardized(_ x: Tensor, _ inputs: [Tensor?]) throws -> [Tensor] {
        let axes = [0] + (2..<x.rank)
        let result = try x.standardized(over: axes, epsilon: epsilon).affine(
            inputs.required(1).alongChannels(of: x.rank), inputs.required(2).alongChannels(of: x.rank))
        let mean = try aten("mean.dim", x, axes, true)
        let variance = try aten("mean.dim", aten("square", aten("sub.Tensor", x, mean)), axes, false)
        let own = try [aten("reshape", mean, [-1]), variance]
        return try [result]
            + zip(3..., own).map { index, average in
                let kept = try aten("mul.Scalar", inputs.required(index), momentum)
                return try aten("add.Tensor", kept, aten("mul.Scalar", average, 1 - momentum))
            }
    }
}

extension BatchNormalization {
    /// Scale, shift, mean and variance go with the channels.
    func label(_ inputs: [Value?], in labelling: inout Labelling) throws -> [Value] {
        let x = try inputs.required(0)
        for index in 1...4 { try labelling.unify(x.axis(1), inputs.required(index).axis(0)) }
        let average = Value([try x.axis(1)])
        return [Value(x.axes)] + (averagesInput ? [average, average] : [])
    }
}
