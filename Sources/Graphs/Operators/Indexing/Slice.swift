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
