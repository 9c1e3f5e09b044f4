import Torch

/// `scale (x − mean) / √(variance + ε) + shift` for each channel, with the averages that training left.
///
/// - Input: `x` `[batch, channels, …]`, then scale, shift, mean and variance, each `[channels]`.
struct BatchNormalization: Operator {
    static let names = ["BatchNormalization"]

    let epsilon: Double

    init(_ node: Node) throws(GraphError) {
        try node.requireInputs(5...5)
        epsilon = try node.number("epsilon", default: 1e-5)
        if try node.truth("training_mode", default: false) {
            throw node.refused("training_mode", expected: "0")
        }
        if node.version < 9, try !node.truth("spatial", default: true) {
            throw node.refused("spatial", expected: "1")
        }
    }

    func evaluate(_ inputs: [Tensor?]) throws -> [Tensor] {
        let x = try inputs.required(0).requiringRank(atLeast: 2)
        return [
            try aten(
                "batch_norm", x, inputs.required(1), inputs.required(2), inputs.required(3), inputs.required(4), false,
                0.0, epsilon, false)
        ]
    }
}

extension BatchNormalization {
    /// Scale, shift, mean and variance go with the channels.
    func label(_ inputs: [Value?], in labelling: inout Labelling) throws -> [Value] {
        let x = try inputs.required(0)
        for index in 1...4 { try labelling.unify(x.axis(1), inputs.required(index).axis(0)) }
        return [Value(x.axes)]
    }
}
