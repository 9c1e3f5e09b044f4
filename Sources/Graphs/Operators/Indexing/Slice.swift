import Torch

/// Every so many elements between two bounds along some axes; bounds are attributes before version 10, and inputs since.
struct Slice: Operator {
    static let names = ["Slice"]

    let starts: [Int]?
    let ends: [Int]?
    let axes: [Int]?

    init(_ node: Node) throws(GraphError) {
        try node.requireInputs(node.version < 10 ? 1...1 : 3...5)
        starts = try node.integers("starts")
        ends = try node.integers("ends")
        axes = try node.integers("axes")
        guard node.version >= 10 || starts != nil && ends != nil else {
            throw node.refused(starts == nil ? "starts" : "ends", expected: "integers")
        }
    }

    func evaluate(_ inputs: [Tensor?]) throws -> [Tensor] {
        let x: Tensor = try inputs.required(0)
        return [
            try cuts(of: x.shape, inputs).reduce(x) { x, cut in
                let whole = cut.step > 0 ? x : try aten("flip", x, [cut.axis])
                let stride = max(cut.step, -max(1, x.size(cut.axis))).magnitude
                return try aten(
                    "slice.Tensor", whole, cut.axis, cut.places.lowerBound, cut.places.upperBound, Int(stride))
            }
        ]
    }

    /// What is taken of one axis.
    private struct Cut {
        var axis: Int
        /// The positions from which every `step`-th one is taken, counted from the end where the step is negative.
        var places: Range<Int>
        var step: Int
    }

    /// What is taken of each axis that is named, given the inputs that say it.
    private func cuts(of shape: [Int], _ inputs: [Tensor?]) throws -> [Cut] {
        let starts = try starts ?? inputs.required(1).integers()
        let ends = try ends ?? inputs.required(2).integers()
        let axes = try Graphs.axes(axes ?? inputs.optional(3)?.integers() ?? Array(starts.indices), of: shape.count)
        let steps = try inputs.optional(4)?.integers() ?? starts.map { _ in 1 }
        guard ends.count == starts.count, axes.count == starts.count, steps.count == starts.count else {
            throw OperandError(expected: "\(starts.count) ends, axes and steps", found: "\(ends), \(axes), \(steps)")
        }
        return try axes.enumerated().map { index, axis in
            let places = try Range(0..<shape[axis], from: starts[index], to: ends[index], by: steps[index])
            return Cut(axis: axis, places: places, step: steps[index])
        }
    }
}

extension Slice {
    var understandsStacks: Bool { true }
    var understandsPositions: Bool { true }

    /// The axis is cut at the bounds; every other element of it is a factor of the axis.
    func label(_ inputs: [Value?], in labelling: inout Labelling) throws -> [Value] {
        let x: Value = try inputs.required(0)
        let known = try [nil] + inputs.dropFirst().map { try $0?.known() }
        let cuts = try cuts(of: x.shape, known)
        let positions = cuts.reduce(x.positions) { $0?.sliced($1.axis, $1.places, by: $1.step) }
        var result = try cuts.reduce(positions == nil ? labelling.settled(x) : x) { x, cut in
            try slice(x, cut.axis, cut.places, by: cut.step, &labelling)
        }
        result.positions = positions
        return [result]
    }

    private func slice(
        _ given: Value, _ axis: Int, _ places: Range<Int>, by step: Int, _ labelling: inout Labelling
    ) throws -> Value {
        let size = given.shape[axis]
        if step == 1, places == 0..<size { return given }
        if step == 1, let stack = given.stack, stack.axis == axis, !places.isEmpty {
            return Value(stacking: Array(stack.parts[places]), axis: axis)
        }
        var x = Value(try labelling.merged(given).axes)
        let label = x.axes[axis]
        if step == 1 {
            x.axes[axis] = try labelling.split(
                label, sizes: [places.lowerBound, places.count, size - places.upperBound])[1]
        } else if step > 1, size.isMultiple(of: step), places.lowerBound < step, places.upperBound == size {
            let factors = try labelling.factored(label, sizes: [size / step, step])
            labelling.fix([factors[1]])
            x.axes[axis] = labelling.resolved(factors[0])
        } else {
            labelling.fix([label])
            let stride = step.magnitude
            x.axes[axis] = .fixed(Int((UInt(places.count) + stride - 1) / stride))
        }
        return x
    }
}

extension Range<Int> {
    /// The positions between two bounds, which count from the end where they are negative.
    fileprivate init(_ whole: Range<Int>, from start: Int, to end: Int, by step: Int) throws(OperandError) {
        guard step != 0 else { throw OperandError(expected: "a step that is not zero", found: "0") }
        let size = whole.count
        func place(_ bound: Int, in range: ClosedRange<Int>) -> Int {
            let counted = bound < 0 ? Swift.max(bound, -size - 1) + size : bound
            return Swift.min(Swift.max(counted, range.lowerBound), range.upperBound)
        }
        if step > 0 {
            let (first, last) = (place(start, in: 0...size), place(end, in: 0...size))
            self = first..<Swift.max(first, last)
        } else if size == 0 {
            self = 0..<0
        } else {
            let (first, last) = (place(start, in: -1...size - 1), place(end, in: -1...size - 1))
            self = size - 1 - first..<Swift.max(size - 1 - first, size - 1 - last)
        }
    }
}
