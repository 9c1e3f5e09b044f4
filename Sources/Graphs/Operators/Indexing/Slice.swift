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
        var x = try inputs.required(0)
        let starts = try starts ?? inputs.required(1).integers()
        let ends = try ends ?? inputs.required(2).integers()
        let axes = try x.axes(axes ?? inputs.optional(3)?.integers() ?? Array(starts.indices))
        let steps = try inputs.optional(4)?.integers() ?? starts.map { _ in 1 }
        guard ends.count == starts.count, axes.count == starts.count, steps.count == starts.count else {
            throw OperandError(expected: "\(starts.count) ends, axes and steps", found: "\(ends), \(axes), \(steps)")
        }
        for (index, axis) in axes.enumerated() {
            x = try x.sliced(axis, from: starts[index], to: ends[index], by: steps[index])
        }
        return [x]
    }
}

extension Tensor {
    /// Every `step`-th element of an axis between two bounds, which count from the end where they are negative.
    func sliced(_ axis: Int, from start: Int, to end: Int, by step: Int) throws -> Tensor {
        guard step != 0 else { throw OperandError(expected: "a step that is not zero", found: "0") }
        let size = size(axis)
        func place(_ bound: Int, in range: ClosedRange<Int>) -> Int {
            let counted = bound < 0 ? max(bound, -size - 1) + size : bound
            return min(max(counted, range.lowerBound), range.upperBound)
        }
        if step > 0 {
            let (start, end) = (place(start, in: 0...size), place(end, in: 0...size))
            return try aten("slice.Tensor", self, axis, start, max(start, end), step)
        }
        guard size > 0 else { return self }
        let (start, end) = (place(start, in: -1...size - 1), place(end, in: -1...size - 1))
        // The same elements, counted from the end.
        let flipped = try aten("flip", self, [axis])
        let stride = -max(step, -size)
        return try aten("slice.Tensor", flipped, axis, size - 1 - start, max(size - 1 - start, size - 1 - end), stride)
    }
}

extension Slice {
    var understandsStacks: Bool { true }

    /// The axis is cut at the bounds; every other element of it is a factor of the axis.
    func label(_ inputs: [Value?], in labelling: inout Labelling) throws -> [Value] {
        var x = try inputs.required(0)
        let starts = try starts ?? inputs.required(1).known().integers()
        let ends = try ends ?? inputs.required(2).known().integers()
        let axes = try Graphs.axes(
            axes ?? inputs.optional(3)?.known().integers() ?? Array(starts.indices), of: x.rank)
        let steps = try inputs.optional(4)?.known().integers() ?? starts.map { _ in 1 }
        guard ends.count == starts.count, axes.count == starts.count, steps.count == starts.count else {
            throw OperandError(expected: "\(starts.count) ends, axes and steps", found: "\(ends), \(axes), \(steps)")
        }
        for (index, axis) in axes.enumerated() {
            let places = try Range(0..<x.shape[axis], from: starts[index], to: ends[index], by: steps[index])
            x = try slice(x, axis, places, by: steps[index], &labelling)
        }
        return [x]
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
    /// The positions from which every `step`-th one is taken, counted from the end where the step is negative.
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
