import Torch

/// Which keys queries see, in the forms that ONNX Runtime's operators take.
///
/// - Input: how many of the keys are seen `[batch]`, or the ends and then the begins of what is `[2 · batch]`; or truths
///   `[batch, keys]` or `[batch, queries, keys]`.
struct AttentionMask: Sendable {
    /// What is added to the products with keys that are not seen.
    let penalty: Double

    init(_ node: Node) throws(GraphError) { penalty = try node.number("mask_filter_value", default: -10000) }

    /// What is added to the products `[batch, heads, queries, keys]`.
    func bias(_ mask: Tensor, batch: Int, keys: Int, dtype: DType) throws -> Tensor {
        let isSeen: Tensor
        switch mask.rank {
        case 1 where mask.count == batch || mask.count == 2 * batch:
            let places = try aten("arange", keys, DType.int64)
            let bounds = try aten("reshape", mask, [mask.count / max(1, batch), batch, 1])
            let isBeforeEnd = try aten("lt.Tensor", places, aten("select.int", bounds, 0, 0))
            let isAfterBegin =
                try mask.count == batch
                ? aten("ones_like", isBeforeEnd) : aten("ge.Tensor", places, aten("select.int", bounds, 0, 1))
            isSeen = try aten("unsqueeze", aten("logical_and", isBeforeEnd, isAfterBegin), 1)
        case 2: isSeen = try aten("unsqueeze", aten("gt.Scalar", mask, 0), 1)
        case 3: isSeen = try aten("gt.Scalar", mask, 0)
        default: throw OperandError(expected: "a mask for \(batch) samples and \(keys) keys", found: "\(mask)")
        }
        let zeros = try aten("zeros", isSeen.shape, dtype)
        return try aten("unsqueeze", aten("masked_fill.Scalar", zeros, aten("logical_not", isSeen), penalty), 1)
    }
}

extension AttentionMask {
    /// The axes of what is added; keys that a number counts are told apart.
    func label(_ mask: Value, batch: Label, keys: Label, in labelling: inout Labelling) throws -> Value {
        switch mask.rank {
        case 1 where mask.shape[0] == batch.size || mask.shape[0] == 2 * batch.size:
            labelling.fix(mask.axes + [batch, keys])
            return Value([batch, .fixed(1), .fixed(1), keys].map(labelling.resolved))
        case 2: return Value([mask.axes[0], .fixed(1), .fixed(1), mask.axes[1]])
        case 3: return Value([mask.axes[0], .fixed(1), mask.axes[1], mask.axes[2]])
        default: throw OperandError(expected: "a mask for \(batch.size) samples", found: "\(mask.shape)")
        }
    }
}
