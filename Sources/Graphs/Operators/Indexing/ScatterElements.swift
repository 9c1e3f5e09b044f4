import Torch

/// The first input with updates written where the indices say: at the same place, but for one axis.
struct ScatterElements: Operator {
    static let names = ["ScatterElements", "Scatter"]

    let axis: Int
    let reduction: ScatterReduction

    init(_ node: Node) throws(GraphError) {
        try node.requireInputs(3...3)
        axis = try node.integer("axis", default: 0)
        reduction = try node.scatterReduction()
    }

    func evaluate(_ inputs: [Tensor?]) throws -> [Tensor] {
        let x = try inputs.required(0)
        let axis = try x.axis(axis)
        let indices = try inputs.required(1).indices(into: x.size(axis))
        let updates = try inputs.required(2).to(x.dtype)
        guard updates.shape == indices.shape else {
            throw OperandError(expected: "updates of shape \(indices.shape)", found: "\(updates)")
        }
        guard let combination = reduction.combination else {
            return [try aten("scatter.src", x, axis, indices, updates)]
        }
        return [try aten("scatter_reduce.two", x, axis, indices, updates, combination)]
    }
}

extension ScatterElements {
    /// Positions along the axis are told apart; along the others all inputs are joined.
    func label(_ inputs: [Value?], in labelling: inout Labelling) throws -> [Value] {
        let x = try inputs.required(0)
        let axis = try Graphs.axis(axis, of: x.rank)
        for index in 1...2 { try labelling.join(x, inputs.required(index), but: axis) }
        return [Value(x.axes)]
    }
}
