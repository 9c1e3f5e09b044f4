import Torch

/// The transpose of a convolution as a linear map, with a bias of its own.
///
/// - Input: `x` `[batch, inputs, …]`, the weight `[inputs, outputs / groups, …]`, and a bias `[outputs]` or none.
struct TransposedConvolution: Operator {
    static let names = ["ConvTranspose"]

    let window: Window
    let groups: Int
    /// What is added to each extent at its end.
    let outputPadding: [Int]?
    /// The extents of the result, where they are set; they decide the padding.
    let outputShape: [Int]?

    init(_ node: Node) throws(GraphError) {
        try node.requireInputs(2...3)
        window = try Window(node)
        groups = try node.groups()
        outputPadding = try node.sizes("output_padding", in: 0...Window.largest)
        outputShape = try node.sizes("output_shape", in: 0...Window.largest)
    }

    func evaluate(_ inputs: [Tensor?]) throws -> [Tensor] {
        let x = try inputs.required(0).requiringRank(atLeast: 3)
        let weight = try inputs.required(1).requiringRank(atLeast: x.rank)
        let (sizes, kernel) = (Array(x.shape.dropFirst(2)), Array(weight.shape.dropFirst(2)))
        let strides = try window.values(window.strides, 1, axes: sizes.count)
        let dilations = try window.values(window.dilations, 1, axes: sizes.count)
        let none = sizes.map { _ in 0 }
        // The whole result, without padding; then what padding takes away at both ends, and the bias last.
        var pads: [Int] = []
        var shape = Array(x.shape.prefix(1)) + [weight.size(1)]
        for axis in sizes.indices {
            let full = strides[axis] * (sizes[axis] - 1) + (kernel[axis] - 1) * dilations[axis] + 1
            let (leading, trailing) = try cropping(of: full, axis: axis, axes: sizes.count, size: sizes[axis], strides)
            pads.insert(contentsOf: [-leading, trailing], at: 0)
            shape.append(max(full, full - leading + trailing))
        }
        try checkedShape(shape)
        var result = try aten("convolution", x, weight, nil, strides, none, dilations, true, none, groups)
        if pads.contains(where: { $0 != 0 }) { result = try aten("constant_pad_nd", result, pads) }
        guard let bias = inputs.optional(2) else { return [result] }
        return [try aten("add.Tensor", result, aten("reshape", bias, [-1] + none.map { _ in 1 }))]
    }

    /// How much of the `full` extent is taken away at the begin, and how much is added at the end.
    private func cropping(
        of full: Int, axis: Int, axes: Int, size: Int, _ strides: [Int]
    ) throws(OperandError) -> (Int, Int) {
        let extra = try window.values(outputPadding, 0, axes: axes)[axis]
        var wanted = try outputShape.map { shape throws(OperandError) in
            try window.values(shape.count > axes ? Array(shape.suffix(axes)) : shape, 1, axes: axes)[axis]
        }
        if wanted == nil, window.automatic == .upper || window.automatic == .lower { wanted = size * strides[axis] }
        guard let wanted else {
            let pads = try window.values(window.pads, 0, axes: 2 * axes)
            return window.automatic == .none ? (pads[axis], extra - pads[axis + axes]) : (0, extra)
        }
        let total = max(0, full + extra - wanted)
        let leading = window.automatic == .upper ? total / 2 : total - total / 2
        return (leading, wanted - (full - leading))
    }
}
