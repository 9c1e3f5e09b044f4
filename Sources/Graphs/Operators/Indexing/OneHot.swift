import Torch

/// One value where a new axis is at the index, and another elsewhere.
struct OneHot: Operator {
    static let names = ["OneHot"]

    let axis: Int

    init(_ node: Node) throws(GraphError) {
        try node.requireInputs(3...3)
        axis = try node.integer("axis", default: -1)
    }

    func evaluate(_ inputs: [Tensor?]) throws -> [Tensor] {
        let (indices, values) = (try inputs.required(0), try inputs.required(2))
        let depth = Int(exactly: try inputs.required(1).scalar()) ?? -1
        let axis = try Graphs.axis(axis, of: indices.rank + 1)
        guard values.shape == [2] else { throw OperandError(expected: "two values", found: "\(values)") }
        var shape = indices.shape
        shape.insert(depth, at: axis)
        try checkedShape(shape)
        let places = try aten("arange", depth, DType.int64)
        let after = [Int](repeating: 1, count: indices.rank - axis)
        // Indices from the end name the same places.
        let counted = try aten(
            "where.self", aten("lt.Scalar", indices, 0), aten("add.Scalar", indices, depth), indices)
        let isAtIndex = try aten(
            "eq.Tensor", aten("unsqueeze", counted, axis), aten("reshape", places, [depth] + after))
        return [
            try aten(
                "where.self", isAtIndex, aten("select.int", values, 0, 1), aten("select.int", values, 0, 0))
        ]
    }
}

extension OneHot {
    /// Axes of the indices pass through; the new one tells positions apart, as does that of both values.
    func label(_ inputs: [Value?], in labelling: inout Labelling) throws -> [Value] {
        let indices = try inputs.required(0)
        labelling.fix(try inputs.required(2).axes)
        guard let depth = Int(exactly: try inputs.required(1).known().scalar()), depth >= 0 else {
            throw OperandError(expected: "a depth", found: "a number that is none")
        }
        labelling.note(indices.origin, selectsFrom: depth)
        var axes = indices.axes
        axes.insert(.fixed(depth), at: try Graphs.axis(axis, of: axes.count + 1))
        return [Value(axes)]
    }
}
