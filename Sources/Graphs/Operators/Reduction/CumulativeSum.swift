import Torch

/// The sum of all elements up to each one along an axis.
struct CumulativeSum: Operator {
    static let names = ["CumSum"]

    /// Whether the element itself is left out.
    let isExclusive: Bool
    /// Whether sums begin at the end.
    let isReversed: Bool

    init(_ node: Node) throws(GraphError) {
        try node.requireInputs(2...2)
        isExclusive = try node.truth("exclusive", default: false)
        isReversed = try node.truth("reverse", default: false)
    }

    func evaluate(_ inputs: [Tensor?]) throws -> [Tensor] {
        var x = try inputs.required(0)
        let axis = try x.axis(inputs.required(1).integer())
        if isReversed { x = try aten("flip", x, [axis]) }
        if isExclusive && x.size(axis) > 0 {
            let pads = [Int](repeating: 0, count: 2 * (x.rank - 1 - axis)) + [1, -1]
            x = try aten("constant_pad_nd", x, pads)
        }
        let sums = try aten("cumsum", x, axis)
        return [isReversed ? try aten("flip", sums, [axis]) : sums]
    }
}

extension CumulativeSum {
    /// Positions along the axis are told apart.
    func label(_ inputs: [Value?], in labelling: inout Labelling) throws -> [Value] {
        let x = try inputs.required(0)
        labelling.fix([try x.axis(inputs.required(1).known().integer())])
        return [Value(x.axes)]
    }
}
