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
