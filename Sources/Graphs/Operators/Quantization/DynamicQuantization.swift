import Torch

/// The input in 8 bits, on a scale between its smallest and its largest element.
///
/// - Output: the integers, the scale, the integer that stands for zero.
struct DynamicQuantization: Operator {
    static let names = ["DynamicQuantizeLinear"]

    init(_ node: Node) throws(GraphError) { try node.requireInputs(1...1) }

    func evaluate(_ inputs: [Tensor?]) throws -> [Tensor] {
        let x = try inputs.required(0)
        let (least, greatest) = (
            try aten("clamp_max", aten("min", x), 0.0), try aten("clamp_min", aten("max", x), 0.0)
        )
        let range = try aten("div.Scalar", aten("sub.Tensor", greatest, least), 255.0)
        let scale = try aten("masked_fill.Scalar", range, aten("eq.Scalar", range, 0), 1.0)
        let zero = try aten("clamp", aten("round", aten("neg", aten("div.Tensor", least, scale))), 0, 255)
        let steps = try aten("add.Tensor", aten("round", aten("div.Tensor", x, scale)), zero)
        return [try aten("clamp", steps, 0, 255).to(.uint8), scale, zero.to(.uint8)]
    }
}

extension DynamicQuantization {
    /// Axes pass through: extrema do not depend on order.
    func label(_ inputs: [Value?], in labelling: inout Labelling) throws -> [Value] {
        [Value(try inputs.required(0).axes), Value([]), Value([])]
    }
}
