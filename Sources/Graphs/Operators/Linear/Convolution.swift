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
