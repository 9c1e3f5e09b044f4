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
