import Torch

/// The input with elements added around it, or taken away where a size is negative.
struct Pad: Operator {
    /// What the added elements are.
    enum Mode: String {
        /// One value.
        case constant
        /// The nearest element.
        case edge
        /// The elements mirrored at the first and the last one, which are not repeated.
        case reflect
        /// The elements from the other end.
        case wrap
    }

    static let names = ["Pad"]

    let mode: Mode
    /// What is added before each axis and then after each, where that is an attribute.
    let pads: [Int]?
    /// The value, where it is an attribute.
    let value: Double

    init(_ node: Node) throws(GraphError) {
        pads = try node.integers(node.attributes["pads"] == nil ? "paddings" : "pads")
        try node.requireInputs(pads == nil ? 2...4 : 1...1)
        value = try node.number("value", default: 0)
        guard let mode = Mode(rawValue: try node.text("mode", default: "constant")) else {
            throw node.refused("mode", expected: "constant, edge, reflect or wrap")
        }
        self.mode = mode
    }

    func evaluate(_ inputs: [Tensor?]) throws -> [Tensor] {
        let x = try inputs.required(0)
        let pads = try pads ?? inputs.required(1).integers()
        let axes = try x.axes(inputs.optional(3)?.integers() ?? Array(0..<x.rank))
        guard pads.count == 2 * axes.count, pads.allSatisfy((-Window.largest...Window.largest).contains) else {
            throw OperandError(expected: "\(2 * axes.count) sizes", found: "\(pads)")
        }
        var (before, after) = (x.shape.map { _ in 0 }, x.shape.map { _ in 0 })
        for (index, axis) in axes.enumerated() {
            (before[axis], after[axis]) = (pads[index], pads[index + axes.count])
        }
        try checkedShape(zip(x.shape, zip(before, after)).map { $0 + $1.0 + $1.1 })
        if mode == .constant {
            let pairs = x.shape.indices.reversed().flatMap { [before[$0], after[$0]] }
            let value = try inputs.optional(2)?.scalar() ?? value
            return [try aten("constant_pad_nd", x, pairs, x.dtype.isFloatingPoint ? value : value.rounded())]
        }
        return [
            try axes.filter { before[$0] != 0 || after[$0] != 0 }.reduce(x) { result, axis in
                let places = try places(of: x.size(axis), before[axis], after[axis])
                return try aten("index_select", result, axis, Tensor(places.map(Int64.init)))
            }
        ]
    }

    /// Which of `size` elements is at each place of the result.
    private func places(of size: Int, _ before: Int, _ after: Int) throws(OperandError) -> [Int] {
        let range = -before..<max(-before, size + after)
        guard size > 0 else { throw OperandError(expected: "an axis with elements", found: "none") }
        switch mode {
        case .constant, .edge: return range.map { min(max($0, 0), size - 1) }
        case .wrap: return range.map { ($0 % size + size) % size }
        case .reflect:
            let period = max(1, 2 * (size - 1))
            return range.map { place in
                let rest = (place % period + period) % period
                return min(rest, period - rest) % size
            }
        }
    }
}

extension Pad {
    /// One value around an axis leaves its neurons free; the other modes tell positions apart.
    func label(_ inputs: [Value?], in labelling: inout Labelling) throws -> [Value] {
        let x = try inputs.required(0)
        let pads = try pads ?? inputs.required(1).known().integers()
        let padded = try Graphs.axes(inputs.optional(3)?.known().integers() ?? Array(0..<x.rank), of: x.rank)
        guard pads.count == 2 * padded.count, pads.allSatisfy((-Window.largest...Window.largest).contains) else {
            throw OperandError(expected: "\(2 * padded.count) sizes", found: "\(pads)")
        }
        var axes = x.axes
        for (index, axis) in padded.enumerated() {
            let (before, after) = (pads[index], pads[index + padded.count])
            if before == 0, after == 0 { continue }
            let size = axes[axis].size + before + after
            guard size >= 0 else { throw OperandError(expected: "a size", found: "\(size)") }
            if mode == .constant, before >= 0, after >= 0 {
                axes[axis] = .concatenation(of: [.fixed(before), labelling.resolved(axes[axis]), .fixed(after)])
            } else {
                labelling.fix([axes[axis]])
                axes[axis] = .fixed(size)
            }
        }
        return [Value(axes)]
    }
}
