import Torch

/// A matrix: the axes before the given one are its rows, the others its columns.
struct Flatten: Operator {
    static let names = ["Flatten"]

    let axis: Int

    init(_ node: Node) throws(GraphError) {
        try node.requireInputs(1...1)
        axis = try node.integer("axis", default: 1)
    }

    func evaluate(_ inputs: [Tensor?]) throws -> [Tensor] {
        let x = try inputs.required(0)
        let axis = axis == x.rank ? axis : try x.axis(axis)
        let (rows, columns) = (x.shape.prefix(axis).reduce(1, *), x.shape.dropFirst(axis).reduce(1, *))
        return [try aten("reshape", x, [rows, columns])]
    }
}

extension Flatten {
    var understandsStacks: Bool { true }

    /// Axes are merged into products.
    func label(_ inputs: [Value?], in labelling: inout Labelling) throws -> [Value] {
        let x = try inputs.required(0)
        let axis = axis == x.rank ? axis : try Graphs.axis(axis, of: x.rank)
        let (rows, columns) = (x.shape.prefix(axis).reduce(1, *), x.shape.dropFirst(axis).reduce(1, *))
        return [try labelling.reshaped(x, to: [rows, columns])]
    }
}
