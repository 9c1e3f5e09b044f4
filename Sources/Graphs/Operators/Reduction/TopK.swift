import Torch

/// The largest or smallest elements along an axis, in order, and where they are; of equal ones, the first come first.
struct TopK: Operator {
    static let names = ["TopK"]

    /// How many, where that is an attribute.
    let count: Int?
    let axis: Int
    let takesLargest: Bool

    init(_ node: Node) throws(GraphError) {
        count = try node.integer("k")
        try node.requireInputs(count == nil ? 2...2 : 1...1)
        axis = try node.integer("axis", default: -1)
        takesLargest = try node.truth("largest", default: true)
    }

    func evaluate(_ inputs: [Tensor?]) throws -> [Tensor] {
        let x = try inputs.required(0)
        let axis = try x.axis(axis)
        let count = try count ?? inputs.required(1).integer()
        let sorted = try atenResults("sort.stable", x, true, axis, takesLargest)
        return try sorted.map { try aten("narrow", $0, axis, 0, count) }
    }
}

extension TopK {
    /// Positions along the axis are told apart.
    func label(_ inputs: [Value?], in labelling: inout Labelling) throws -> [Value] {
        var axes = try inputs.required(0).axes
        let axis = try Graphs.axis(axis, of: axes.count)
        labelling.fix([axes[axis]])
        axes[axis] = .fixed(try count ?? inputs.required(1).known().integer())
        return [Value(axes), Value(axes)]
    }
}
