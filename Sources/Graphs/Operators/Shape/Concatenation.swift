import Torch

/// The inputs one after the other along an axis.
struct Concatenation: Operator {
    static let names = ["Concat"]

    let axis: Int

    init(_ node: Node) throws(GraphError) {
        try node.requireInputs(max(1, node.inputs.count)...Int.max)
        axis = try node.integer("axis", default: 1)
    }

    func evaluate(_ inputs: [Tensor?]) throws -> [Tensor] {
        [try aten("cat", inputs.indices.map(inputs.required), inputs.required(0).axis(axis))]
    }
}

extension Concatenation {
    /// The axis is made of the inputs' one after the other, and the others are joined; single positions stay independent.
    func label(_ inputs: [Value?], in labelling: inout Labelling) throws -> [Value] {
        let values = try inputs.indices.map(inputs.required)
        let rank = values[0].rank
        let axis = try Graphs.axis(axis, of: rank)
        guard values.allSatisfy({ $0.rank == rank }) else {
            throw OperandError(expected: "\(rank) axes", found: "\(values.map(\.rank))")
        }
        let others = values.map { value in value.axes.indices.filter { $0 != axis }.map { value.axes[$0] } }
        guard others.allSatisfy({ $0.map(\.size) == others[0].map(\.size) }) else {
            throw OperandError(expected: "shapes that differ along one axis", found: "\(values.map(\.shape))")
        }
        if values.count > 1, values.allSatisfy({ $0.shape[axis] == 1 }) {
            return [Value(stacking: others, axis: axis)]
        }
        for other in others.dropFirst() { for (a, b) in zip(others[0], other) { try labelling.unify(a, b) } }
        var axes = others[0]
        axes.insert(labelling.resolved(.concatenation(values.map { $0.axes[axis] })), at: axis)
        return [Value(axes)]
    }
}
