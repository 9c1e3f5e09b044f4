import Torch

/// The element at the same place as each index, but for one axis, along which the index says where.
struct GatherElements: Operator {
    static let names = ["GatherElements"]

    let axis: Int

    init(_ node: Node) throws(GraphError) {
        try node.requireInputs(2...2)
        axis = try node.integer("axis", default: 0)
    }

    func evaluate(_ inputs: [Tensor?]) throws -> [Tensor] {
        let x = try inputs.required(0)
        let axis = try x.axis(axis)
        return [try aten("gather", x, axis, inputs.required(1).indices(into: x.size(axis)))]
    }
}

extension GatherElements {
    /// Positions along the axis are told apart; along the others data and indices are joined.
    func label(_ inputs: [Value?], in labelling: inout Labelling) throws -> [Value] {
        let (x, indices) = (try inputs.required(0), try inputs.required(1))
        let axis = try Graphs.axis(axis, of: x.rank)
        try labelling.join(x, indices, but: axis)
        labelling.note(indices.origin, selectsFrom: x.shape[axis])
        return [Value(indices.axes)]
    }
}

extension Labelling {
    /// Joins two values' axes one by one; fixes the axis that is left out, and those of different sizes.
    mutating func join(_ a: Value, _ b: Value, but axis: Int) throws {
        guard a.rank == b.rank else { throw OperandError(expected: "\(a.rank) axes", found: "\(b.rank)") }
        for (index, pair) in zip(a.axes, b.axes).enumerated() {
            if index == axis || pair.0.size != pair.1.size {
                fix([pair.0, pair.1])
            } else {
                try unify(pair.0, pair.1)
            }
        }
    }
}
