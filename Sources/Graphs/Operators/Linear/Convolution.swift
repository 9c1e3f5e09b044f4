import Torch

/// A convolution over any number of axes, in groups of channels.
///
/// - Input: `x` `[batch, inputs, …]`, the weight `[outputs, inputs / groups, …]`, and a bias `[outputs]` or none.
struct Convolution: Operator {
    static let names = ["Conv"]

    let window: Window
    let groups: Int

    init(_ node: Node) throws(GraphError) {
        try node.requireInputs(2...3)
        window = try Window(node)
        groups = try node.groups()
    }

    func evaluate(_ inputs: [Tensor?]) throws -> [Tensor] {
        var x = try inputs.required(0).requiringRank(atLeast: 3)
        let weight = try inputs.required(1).requiringRank(atLeast: x.rank)
        let placed = try window.placed(on: Array(x.shape.dropFirst(2)), kernel: Array(weight.shape.dropFirst(2)))
        var padding = placed.leading
        if placed.leading != placed.trailing || padding.contains(where: { $0 < 0 }) {
            x = try placed.pad(x, with: 0)
            padding = padding.map { _ in 0 }
        }
        let none = padding.map { _ in 0 }
        return [
            try aten(
                "convolution", x, weight, inputs.optional(2), placed.strides, padding, placed.dilations, false, none,
                groups)
        ]
    }
}

extension Node {
    /// The number of groups of channels.
    func groups() throws(GraphError) -> Int {
        let groups = try integer("group", default: 1)
        guard groups > 0 else { throw refused("group", expected: "a positive integer") }
        return groups
    }
}

extension Convolution {
    /// Input channels are joined to the weight's, group by group; output channels pass on, and places stay where they are.
    func label(_ inputs: [Value?], in labelling: inout Labelling) throws -> [Value] {
        let (x, weight) = (try inputs.required(0), try inputs.required(1))
        guard x.rank >= 3, weight.rank == x.rank, weight.shape[0].isMultiple(of: groups) else {
            throw OperandError(expected: "a weight of \(x.rank) axes", found: "\(weight.shape)")
        }
        let channels = try labelling.convolved(x.axes[1], weight, groups: groups, bias: inputs.optional(2))
        let placed = try window.placed(on: Array(x.shape.dropFirst(2)), kernel: Array(weight.shape.dropFirst(2)))
        return [Value([x.axes[0], channels] + labelling.places(x.axes.dropFirst(2), placed))]
    }
}

extension Labelling {
    /// The output channels of a weight that reads `channels` in groups; the places of its kernel are told apart.
    mutating func convolved(_ channels: Label, _ weight: Value, groups: Int, bias: Value?) throws -> Label {
        let read = try factored(channels, sizes: [groups, channels.size / groups])
        let written = try factored(weight.axes[0], sizes: [groups, weight.shape[0] / groups])
        try unify(read[0], written[0])
        try unify(read[1], weight.axes[1])
        fix(Array(weight.axes.dropFirst(2)))
        if let bias { try unify(weight.axes[0], bias.axis(0)) }
        return weight.axes[0]
    }

    /// The axes over which a window was moved: they pass through where it looks at one place at a time.
    mutating func places(_ axes: ArraySlice<Label>, _ window: PlacedWindow) -> [Label] {
        zip(axes, window.sizes(on: axes.map(\.size))).enumerated().map { axis, pair in
            let (label, size) = pair
            if window.looksAtOne(axis), size == label.size { return label }
            fix([label])
            return .fixed(size)
        }
    }
}

extension PlacedWindow {
    /// Whether the window looks at one place at a time along an axis, at each in turn.
    func looksAtOne(_ axis: Int) -> Bool { kernel[axis] == 1 && strides[axis] == 1 && leading[axis] == 0 }

    /// How many places the window has along each axis.
    func sizes(on sizes: [Int]) -> [Int] {
        sizes.indices.map { axis in
            let reach = (kernel[axis] - 1) * dilations[axis] + 1
            return (sizes[axis] + leading[axis] + trailing[axis] + excess[axis] - reach) / strides[axis] + 1
        }
    }
}
