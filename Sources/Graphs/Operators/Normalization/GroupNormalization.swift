import Torch

/// `(x − mean) / √(variance + ε)` over groups of channels of each sample, then scaled and shifted.
///
/// Before version 21 there is one scale and one shift for each group, and since then one for each channel.
///
/// - Source: Wu and He, arXiv:1803.08494.
struct GroupNormalization: Operator {
    static let names = ["GroupNormalization"]

    let groups: Int
    let epsilon: Double
    /// Whether scale and shift are those of groups, not of channels.
    let scalesGroups: Bool

    init(_ node: Node) throws(GraphError) {
        try node.requireInputs(3...3)
        groups = try node.integer("num_groups", default: 0)
        guard groups > 0 else { throw node.refused("num_groups", expected: "a positive integer") }
        epsilon = try node.number("epsilon", default: 1e-5)
        scalesGroups = node.version < 21
    }

    func evaluate(_ inputs: [Tensor?]) throws -> [Tensor] {
        let x = try inputs.required(0).requiringRank(atLeast: 2)
        guard x.size(1) % groups == 0 else {
            throw OperandError(expected: "channels in \(groups) groups", found: "\(x.size(1))")
        }
        let grouped = try aten("reshape", x, [x.size(0), groups, x.size(1) / groups, -1])
        let result = try grouped.standardized(over: [2, 3], epsilon: epsilon)
        let (scale, shift) = (try inputs.required(1), try inputs.required(2))
        if scalesGroups {
            let scaled = try result.affine(scale.alongChannels(of: 4), shift.alongChannels(of: 4))
            return [try aten("reshape", scaled, x.shape)]
        }
        return [
            try aten("reshape", result, x.shape).affine(
                scale.alongChannels(of: x.rank), shift.alongChannels(of: x.rank))
        ]
    }
}

extension GroupNormalization {
    /// Whole groups may move, and channels alike in all groups; scale and shift go with them.
    func label(_ inputs: [Value?], in labelling: inout Labelling) throws -> [Value] {
        let x = try inputs.required(0)
        let channels = try x.axis(1)
        guard channels.size.isMultiple(of: groups) else {
            throw OperandError(expected: "channels in \(groups) groups", found: "\(channels.size)")
        }
        let factors = try labelling.factored(channels, sizes: [groups, channels.size / groups])
        for index in 1...2 {
            try labelling.unify(inputs.required(index).axis(0), scalesGroups ? factors[0] : channels)
        }
        return [Value(x.axes)]
    }
}
