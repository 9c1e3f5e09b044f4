import Torch
import WeightSpaces

/// What is known of a value of a graph without computing it: its shape, and how permutations of neurons move it.
struct Value {
    /// One label per axis; their sizes are the value's shape.
    var axes: [Label]
    /// Where the value is several independent ones, stacked along an axis that nothing permutes.
    var stack: Stack?
    /// The elements, where they follow from the graph alone: shapes, masks, indices.
    var constant: Tensor?
    /// Where the elements count positions.
    var positions: Positions?
    /// Whether the network's inputs have any influence on it.
    var dependsOnInputs = true
    /// The network's input whose elements these are, if they are: token ids on their way to an embedding.
    var origin: String?

    /// Values side by side that move independently of one another: query, key and value in one projection.
    struct Stack {
        var axis: Int
        /// For each position along the axis, the labels of the other axes.
        var parts: [[Label]]
    }

    init(_ axes: [Label]) { self.axes = axes }

    /// A value whose elements follow from the graph alone.
    init(constant: Tensor) {
        axes = constant.shape.map(Label.fixed)
        self.constant = constant
        dependsOnInputs = false
    }

    /// A value made of parts with labels of their own, side by side along a new axis.
    init(stacking parts: [[Label]], axis: Int) {
        axes = parts[0]
        axes.insert(.fixed(parts.count), at: axis)
        if Set(parts).count > 1 { stack = Stack(axis: axis, parts: parts) }
    }

    /// The extents.
    var shape: [Int] { axes.map(\.size) }

    /// All labels, those of stacked parts included.
    var labels: [Label] { axes + (stack?.parts.flatMap { $0 } ?? []) }

    /// The number of axes.
    var rank: Int { axes.count }
}

extension Labelling {
    /// A stored parameter, of which nothing is known yet.
    mutating func parameter(_ entry: CheckpointEntry) -> Value {
        guard stacks.contains("\(entry.name)/0") else {
            return Value(entry.shape.enumerated().map { fresh($1, path: "\(entry.name)/\($0)") })
        }
        let parts = (0..<entry.shape[0]).map { part in
            entry.shape.dropFirst().enumerated().map { fresh($1, path: "\(entry.name).\(part)/\($0 + 1)") }
        }
        return Value(stacking: parts, axis: 0)
    }

    /// Labels for elements that are known: every permutation that leaves them as they are is allowed.
    mutating func labels(ofConstant tensor: Tensor) -> [Label] {
        tensor.shape.enumerated().map { axis, size in
            size > 1 && tensor.isConstant(along: axis, in: 0..<size) ? fresh(size) : .fixed(size)
        }
    }

    /// A stacked value as a plain one: what moved independently moves together from here on.
    mutating func merged(_ value: Value) throws(GraphError) -> Value {
        guard let stack = value.stack else { return value }
        for part in stack.parts.dropFirst() {
            for (first, other) in zip(stack.parts[0], part) { try unify(first, other) }
        }
        var result = value
        result.stack = nil
        result.axes = stack.parts[0].map(resolved)
        result.axes.insert(.fixed(stack.parts.count), at: stack.axis)
        return result
    }
}
