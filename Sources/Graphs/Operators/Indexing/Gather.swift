import Torch

/// The slices along one axis that the indices name: their axes take the place of that axis.
struct Gather: Operator {
    static let names = ["Gather"]

    let axis: Int

    init(_ node: Node) throws(GraphError) {
        try node.requireInputs(2...2)
        axis = try node.integer("axis", default: 0)
    }

    func evaluate(_ inputs: [Tensor?]) throws -> [Tensor] {
        let x = try inputs.required(0)
        let axis = try x.axis(axis)
        let indices = try inputs.required(1).indices(into: x.size(axis))
        let shape = x.shape.prefix(axis) + indices.shape + x.shape.dropFirst(axis + 1)
        try checkedShape(Array(shape))
        let slices = try aten("index_select", x, axis, aten("flatten.using_ints", indices))
        return [try aten("reshape", slices, Array(shape))]
    }
}

extension Gather {
    var understandsStacks: Bool { true }

    /// Positions along the axis are told apart: one by one where the indices are known, else all of them.
    func label(_ inputs: [Value?], in labelling: inout Labelling) throws -> [Value] {
        var (x, indices) = (try inputs.required(0), try labelling.merged(inputs.required(1)))
        let axis = try Graphs.axis(axis, of: x.rank)
        let size = x.shape[axis]
        guard let chosen = try indices.constant?.integersInOrder(into: size) else {
            x = try labelling.merged(x)
            labelling.fix([x.axes[axis]])
            labelling.note(indices.origin, selectsFrom: size)
            return [Value(x.axes[..<axis] + indices.axes + x.axes[(axis + 1)...])]
        }
        if let stack = x.stack, stack.axis == axis, indices.rank <= 1, !chosen.isEmpty {
            let parts = chosen.map { stack.parts[$0] }
            return [indices.rank == 0 ? Value(parts[0]) : Value(stacking: parts, axis: axis)]
        }
        x = try labelling.merged(x)
        let count = chosen.count
        var part = indices.axes
        if let first = chosen.first, chosen.elementsEqual(first..<first + count) {
            let whole = try labelling.split(x.axes[axis], sizes: [first, count, size - first - count])[1]
            part = try labelling.factored(whole, sizes: indices.shape)
        } else {
            labelling.fix([x.axes[axis]])
        }
        return [Value(x.axes[..<axis] + part + x.axes[(axis + 1)...])]
    }
}

extension Tensor {
    /// Indices into an axis of `size` elements, counted from its begin, row-major.
    fileprivate func integersInOrder(into size: Int) throws -> [Int] {
        try indices(into: size).elements(as: Int64.self).map(Int.init)
    }
}
