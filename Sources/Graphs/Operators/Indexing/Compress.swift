import Torch

/// The slices along an axis for which a condition is true; without an axis, of all elements in order.
struct Compress: Operator {
    static let names = ["Compress"]

    let axis: Int?

    init(_ node: Node) throws(GraphError) {
        try node.requireInputs(2...2)
        axis = try node.integer("axis")
    }

    func evaluate(_ inputs: [Tensor?]) throws -> [Tensor] {
        var x = try inputs.required(0)
        if axis == nil { x = try aten("reshape", x, [x.count]) }
        let chosen = try x.axis(axis ?? 0)
        return [try aten("index_select", x, chosen, places(inputs.required(1), of: x.size(chosen)))]
    }

    /// The positions at which the condition is true.
    private func places(_ condition: Tensor, of size: Int) throws -> Tensor {
        guard condition.rank == 1, condition.count <= size else {
            throw OperandError(expected: "at most \(size) truths", found: "\(condition)")
        }
        return try aten("reshape", aten("nonzero", condition), [-1])
    }
}

extension Compress {
    /// Known positions are told apart as ``Gather`` does; how many others there are depends on data.
    func label(_ inputs: [Value?], in labelling: inout Labelling) throws -> [Value] {
        var x = try inputs.required(0)
        if axis == nil { x = try labelling.reshaped(x, to: [x.shape.reduce(1, *)]) }
        let chosen = try Graphs.axis(axis ?? 0, of: x.rank)
        let places = try places(inputs.required(1).known(), of: x.shape[chosen])
        let gather = try Gather(
            Node("Gather", inputs: ["x", "places"], outputs: [], attributes: ["axis": .integer(chosen)]))
        return try gather.label([x, Value(constant: places)], in: &labelling)
    }
}
