import Torch

/// The input at places that a grid says, interpolated.
///
/// - Input: `x` `[batch, channels, height, width]`, the grid `[batch, height, width, 2]` of places in −1…1; the same
///   with one axis more.
struct GridSample: Operator {
    static let names = ["GridSample"]

    /// libtorch's number of the interpolation.
    let interpolation: Int
    /// libtorch's number of what is outside: zeros, the edge, or a reflection.
    let padding: Int
    /// Whether −1 and 1 are the middles of the outer elements, instead of their outer edges.
    let alignsCorners: Bool

    init(_ node: Node) throws(GraphError) {
        try node.requireInputs(2...2)
        let modes = ["linear": 0, "bilinear": 0, "nearest": 1, "cubic": 2, "bicubic": 2]
        guard let mode = modes[try node.text("mode", default: "linear")] else {
            throw node.refused("mode", expected: "linear, nearest or cubic")
        }
        let paddings = ["zeros": 0, "border": 1, "reflection": 2]
        guard let padding = paddings[try node.text("padding_mode", default: "zeros")] else {
            throw node.refused("padding_mode", expected: "zeros, border or reflection")
        }
        (interpolation, self.padding) = (mode, padding)
        alignsCorners = try node.truth("align_corners", default: false)
    }

    func evaluate(_ inputs: [Tensor?]) throws -> [Tensor] {
        [
            try aten(
                "grid_sampler", inputs.required(0), inputs.required(1), interpolation, padding, alignsCorners)
        ]
    }
}

extension GridSample {
    /// Channels pass through; places are told apart.
    func label(_ inputs: [Value?], in labelling: inout Labelling) throws -> [Value] {
        let (x, grid) = (try inputs.required(0), try inputs.required(1))
        guard x.rank >= 3, grid.rank == x.rank else {
            throw OperandError(expected: "a grid of \(x.rank) axes", found: "\(grid.shape)")
        }
        labelling.fix(Array(x.axes.dropFirst(2)) + [grid.axes[grid.rank - 1]])
        try labelling.unify(x.axes[0], grid.axes[0])
        return [Value(Array(x.axes.prefix(2)) + grid.axes[1..<grid.rank - 1])]
    }
}
