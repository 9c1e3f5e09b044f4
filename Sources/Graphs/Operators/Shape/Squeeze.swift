import Torch

/// The input without some axes of size one, or without all of them.
struct Squeeze: Operator {
    static let names = ["Squeeze"]

    /// The axes, where they are an attribute.
    let axes: [Int]?

    init(_ node: Node) throws(GraphError) {
        try node.requireInputs(1...2)
        axes = try node.integers("axes")
    }

    func evaluate(_ inputs: [Tensor?]) throws -> [Tensor] {
        let x = try inputs.required(0)
        guard let given = try axes ?? inputs.optional(1)?.integers() else { return [try aten("squeeze", x)] }
        let axes = try x.axes(given)
        guard axes.allSatisfy({ x.size($0) == 1 }) else {
            throw OperandError(expected: "axes \(axes) of size one", found: "\(x)")
        }
        return [try aten("squeeze.dims", x, axes)]
    }
}

extension Squeeze {
    var understandsStacks: Bool { true }
    var understandsPositions: Bool { true }

    /// The other axes pass through.
    func label(_ inputs: [Value?], in labelling: inout Labelling) throws -> [Value] {
        let x = try inputs.required(0)
        let given = try axes ?? inputs.optional(1)?.known().integers()
        let ones = x.shape.indices.filter { x.shape[$0] == 1 }
        let removed = try given.map { try Graphs.axes($0, of: x.rank) } ?? ones
        guard removed.allSatisfy(ones.contains) else {
            throw OperandError(expected: "axes \(removed) of size one", found: "\(x.shape)")
        }
        let order = x.axes.indices.filter { !removed.contains($0) }
        return [try labelling.counted(x, in: order.map { x.shape[$0] }) { x, _ in try x.rearranged(order) }]
    }
}
