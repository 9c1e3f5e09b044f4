import Torch

/// The mean of the elements in each place of a window.
struct AveragePool: Operator {
    static let names = ["AveragePool"]

    let window: Window
    /// Whether zeros that are padding count as elements.
    let countsPadding: Bool

    init(_ node: Node) throws(GraphError) {
        try node.requireInputs(1...1)
        window = try Window(node)
        countsPadding = try node.truth("count_include_pad", default: false)
    }

    func evaluate(_ inputs: [Tensor?]) throws -> [Tensor] {
        let x = try inputs.required(0).requiringRank(atLeast: 3)
        let placed = try window.placed(on: Array(x.shape.dropFirst(2)))
        let sums = try placed.sums(x)
        var counted = try aten("ones", [1, 1] + Array(x.shape.dropFirst(2)), x.dtype)
        if countsPadding { counted = try placed.pad(counted, with: 1) }
        let counts = try countsPadding ? placed.unpadded.sums(counted) : placed.sums(counted)
        return [try aten("div.Tensor", sums, counts)]
    }
}

extension PlacedWindow {
    /// The same places of the window over what is padded already.
    var unpadded: PlacedWindow {
        let none = leading.map { _ in 0 }
        return PlacedWindow(
            kernel: kernel, strides: strides, dilations: dilations, leading: none, trailing: none, excess: excess)
    }

    /// The sum of the elements in each place: a convolution of each channel with ones.
    func sums(_ x: Tensor) throws -> Tensor {
        let padded = try pad(x, with: 0, excess: true)
        let planes = try aten("reshape", padded, [x.size(0) * x.size(1), 1] + Array(padded.shape.dropFirst(2)))
        let ones = try aten("ones", [1, 1] + kernel, x.dtype)
        let none = kernel.map { _ in 0 }
        let sums = try aten("convolution", planes, ones, nil, strides, none, dilations, false, none, 1)
        return try aten("reshape", sums, [x.size(0), x.size(1)] + Array(sums.shape.dropFirst(2)))
    }
}

extension AveragePool {
    /// Channels pass through; places stay where they are.
    func label(_ inputs: [Value?], in labelling: inout Labelling) throws -> [Value] {
        let x = try inputs.required(0)
        let placed = try window.placed(on: Array(x.shape.dropFirst(2)))
        return [Value(x.axes.prefix(2) + labelling.places(x.axes.dropFirst(2), placed))]
    }
}
