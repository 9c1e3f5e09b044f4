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
    func cropping(
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

extension TransposedConvolution {
    /// Input channels are joined to the weight's; output channels pass on group by group, and places stay where they are.
    func label(_ inputs: [Value?], in labelling: inout Labelling) throws -> [Value] {
        let (x, weight) = (try inputs.required(0), try inputs.required(1))
        guard x.rank >= 3, weight.rank == x.rank, x.shape[1].isMultiple(of: groups) else {
            throw OperandError(expected: "a weight of \(x.rank) axes", found: "\(weight.shape)")
        }
        try labelling.unify(x.axes[1], weight.axes[0])
        let read = try labelling.factored(x.axes[1], sizes: [groups, x.shape[1] / groups])
        let channels = labelling.resolved(.product([read[0], weight.axes[1]]))
        labelling.fix(Array(weight.axes.dropFirst(2)) + Array(x.axes.dropFirst(2)))
        if let bias = inputs.optional(2) { try labelling.unify(channels, bias.axis(0)) }
        let sizes = Array(x.shape.dropFirst(2))
        let strides = try window.values(window.strides, 1, axes: sizes.count)
        let dilations = try window.values(window.dilations, 1, axes: sizes.count)
        let places = try sizes.indices.map { axis in
            let full = strides[axis] * (sizes[axis] - 1) + (weight.shape[axis + 2] - 1) * dilations[axis] + 1
            let (leading, trailing) = try cropping(of: full, axis: axis, axes: sizes.count, size: sizes[axis], strides)
            return Label.fixed(full - leading + trailing)
        }
        return [Value([x.axes[0], channels] + places)]
    }
}
