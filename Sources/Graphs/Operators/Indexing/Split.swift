import Torch

/// The input cut along one axis into parts of given sizes, or of equal ones.
struct Split: Operator {
    static let names = ["Split"]

    let axis: Int
    /// The sizes of the parts, where they are an attribute.
    let sizes: [Int]?
    /// How many parts there are; the last may be smaller.
    let count: Int

    init(_ node: Node) throws(GraphError) {
        try node.requireInputs(1...2)
        axis = try node.integer("axis", default: 0)
        sizes = try node.integers("split")
        count = try node.integer("num_outputs", default: node.outputs.count)
        guard count > 0 else { throw node.refused("num_outputs", expected: "a positive integer") }
    }

    func evaluate(_ inputs: [Tensor?]) throws -> [Tensor] {
        let x = try inputs.required(0)
        let axis = try x.axis(axis)
        return try atenResults("split_with_sizes", x, sizes(of: x.size(axis), given: inputs.optional(1)), axis)
    }

    private func sizes(of whole: Int, given: Tensor?) throws -> [Int] {
        if let sizes = try sizes ?? given?.integers() { return sizes }
        guard count <= max(1, whole) else {
            throw OperandError(expected: "\(count) parts of an axis", found: "\(whole) elements")
        }
        let part = (whole + count - 1) / count
        return (0..<count).map { max(0, min(part, whole - $0 * part)) }
    }
}

extension Split {
    var understandsStacks: Bool { true }

    /// The axis is cut into parts; what is stacked along it is handed out.
    func label(_ inputs: [Value?], in labelling: inout Labelling) throws -> [Value] {
        let x = try inputs.required(0)
        let axis = try Graphs.axis(axis, of: x.rank)
        let sizes = try sizes(of: x.shape[axis], given: inputs.optional(1)?.known())
        if let stack = x.stack, stack.axis == axis, sizes.allSatisfy({ $0 > 0 }),
            sizes.reduce(0, +) == stack.parts.count
        {
            var rest = stack.parts[...]
            return sizes.map { size in
                defer { rest = rest.dropFirst(size) }
                return Value(stacking: Array(rest.prefix(size)), axis: axis)
            }
        }
        let merged = try labelling.merged(x)
        return try labelling.split(merged.axes[axis], sizes: sizes).map { part in
            var axes = merged.axes
            axes[axis] = part
            return Value(axes)
        }
    }
}
