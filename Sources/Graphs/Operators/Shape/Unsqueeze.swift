import Torch

/// The input with new axes of size one, at positions counted in the result.
struct Unsqueeze: Operator {
    static let names = ["Unsqueeze"]

    /// The axes, where they are an attribute.
    let axes: [Int]?

    init(_ node: Node) throws(GraphError) {
        axes = try node.integers("axes")
        try node.requireInputs(axes == nil ? 2...2 : 1...1)
    }

    func evaluate(_ inputs: [Tensor?]) throws -> [Tensor] {
        let x = try inputs.required(0)
        let given = try axes ?? inputs.required(1).integers()
        let axes = try Graphs.axes(given, of: x.rank + given.count)
        return [try axes.sorted().reduce(x) { try aten("unsqueeze", $0, $1) }]
    }
}

extension Unsqueeze {
    var understandsStacks: Bool { true }
    var understandsPositions: Bool { true }

    /// The other axes pass through.
    func label(_ inputs: [Value?], in labelling: inout Labelling) throws -> [Value] {
        let x = try inputs.required(0)
        let given = try axes ?? inputs.required(1).known().integers()
        let new = try Graphs.axes(given, of: x.rank + given.count)
        var next = 0
        let order = (0..<x.rank + given.count).map { axis -> Int? in
            if new.contains(axis) { return nil }
            defer { next += 1 }
            return next
        }
        let shape = order.map { $0.map { x.shape[$0] } ?? 1 }
        return [try labelling.counted(x, in: shape) { x, _ in try x.rearranged(order) }]
    }
}
