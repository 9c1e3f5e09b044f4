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
