import Torch

/// `scale (x − mean) / √(variance + ε) + shift` for each channel of each sample.
///
/// - Source: Ulyanov et al., arXiv:1607.08022.
struct InstanceNormalization: Operator {
    static let names = ["InstanceNormalization"]

    let epsilon: Double

    init(_ node: Node) throws(GraphError) {
        try node.requireInputs(3...3)
        epsilon = try node.number("epsilon", default: 1e-5)
    }

    func evaluate(_ inputs: [Tensor?]) throws -> [Tensor] {
        let x = try inputs.required(0).requiringRank(atLeast: 3)
        let result = try x.standardized(over: Array(2..<x.rank), epsilon: epsilon)
        return [
            try result.affine(
                inputs.required(1).alongChannels(of: x.rank), inputs.required(2).alongChannels(of: x.rank))
        ]
    }
}

extension InstanceNormalization {
    /// Scale and shift go with the channels.
    func label(_ inputs: [Value?], in labelling: inout Labelling) throws -> [Value] {
        let x = try inputs.required(0)
        for index in 1...2 { try labelling.unify(x.axis(1), inputs.required(index).axis(0)) }
        return [Value(x.axes)]
    }
}
