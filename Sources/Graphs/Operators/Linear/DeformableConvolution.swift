import Torch

/// A convolution of a picture in which every element of the kernel reads at a place that the input moves.
///
/// - Input: `x` `[batch, inputs, height, width]`, the weight `[outputs, inputs / groups, …]`, the moves down and across
///   `[batch, move groups · kernel · 2, …]`, a bias `[outputs]`, and factors `[batch, move groups · kernel, …]`.
/// - Source: Dai et al., arXiv:1703.06211; Zhu et al., arXiv:1811.11168.
struct DeformableConvolution: Operator {
    static let names = ["DeformConv"]

    let window: Window
    let groups: Int
    /// How many groups of input channels move on their own.
    let moveGroups: Int

    init(_ node: Node) throws(GraphError) {
        try node.requireInputs(3...5)
        window = try Window(node)
        groups = try node.groups()
        moveGroups = try node.integer("offset_group", default: 1)
        guard moveGroups > 0 else { throw node.refused("offset_group", expected: "a positive integer") }
    }

    func evaluate(_ inputs: [Tensor?]) throws -> [Tensor] {
        let (x, weight, moves) = (try inputs.required(0), try inputs.required(1), try inputs.required(2))
        let layout = try layout(of: x.shape, weight.shape, moves.shape, inputs.optional(4)?.shape)
        let (samples, channels, kernel) = (x.size(0), x.size(1), layout.kernel)
        try checkedShape([samples, channels, kernel] + layout.places)
        let split = try aten("reshape", moves, [samples, moveGroups, kernel, 2] + layout.places)
        let rows = try aten("add.Tensor", aten("select.int", split, 3, 0), layout.rest(0))
        let columns = try aten("add.Tensor", aten("select.int", split, 3, 1), layout.rest(1))
        let picture = try aten("reshape", x, [samples, moveGroups, channels / moveGroups, x.size(2) * x.size(3)])
        var read = try interpolated(picture, rows, columns, height: x.size(2), width: x.size(3))
        if let factors = inputs.optional(4) {
            read = try aten(
                "mul.Tensor", read, aten("reshape", factors, [samples, moveGroups, 1, kernel] + layout.places))
        }
        let columnsByGroup = try aten("reshape", read, [samples, groups, channels / groups, kernel, -1])
        let weights = try aten("reshape", weight, [groups, weight.size(0) / groups, channels / groups, kernel])
        let sums = try aten("einsum", "ngckp,gock->ngop", [columnsByGroup, weights])
        let result = try aten("reshape", sums, [samples, weight.size(0)] + layout.places)
        guard let bias = inputs.optional(3) else { return [result] }
        return [try aten("add.Tensor", result, aten("reshape", bias, [-1, 1, 1]))]
    }

    /// `picture` `[batch, groups, channels, height · width]` at places `[batch, groups, …]`, zero outside.
    private func interpolated(
        _ picture: Tensor, _ rows: Tensor, _ columns: Tensor, height: Int, width: Int
    ) throws -> Tensor {
        let parts = try (0..<4).map { corner in
            let (row, down) = try neighbour(of: rows, isNext: corner / 2 == 1, size: height)
            let (column, across) = try neighbour(of: columns, isNext: corner % 2 == 1, size: width)
            let place = try aten("add.Tensor", aten("mul.Scalar", row, width), column)
            let flat = try aten("reshape", place, [place.size(0), place.size(1), 1, -1])
            let expanded = try aten("expand", flat, Array(picture.shape.prefix(3)) + [flat.size(3)])
            let values = try aten(
                "reshape", aten("gather", picture, 3, expanded),
                Array(picture.shape.prefix(3)) + rows.shape.dropFirst(2))
            return try aten("mul.Tensor", values, aten("unsqueeze", aten("mul.Tensor", down, across), 2))
        }
        return try parts.dropFirst().reduce(parts[0]) { try aten("add.Tensor", $0, $1) }
    }

    /// The index of the element before or after each place along an axis, and its weight: zero where there is none.
    private func neighbour(of places: Tensor, isNext: Bool, size: Int) throws -> (Tensor, Tensor) {
        let before = try aten("floor", places)
        let rest = try aten("sub.Tensor", places, before)
        let index = isNext ? try aten("add.Scalar", before, 1) : before
        let weight = isNext ? rest : try aten("rsub.Scalar", rest, 1)
        let isInside = try aten("logical_and", aten("ge.Scalar", index, 0), aten("lt.Scalar", index, size))
        let clamped = try aten("clamp", aten("nan_to_num", index), 0, size - 1).to(.int64)
        return (clamped, try aten("where.self", isInside, weight, aten("zeros_like", weight)))
    }

    /// Where the kernel is placed.
    private struct Layout {
        /// How many elements the kernel has.
        let kernel: Int
        /// How many places it has along each axis.
        let places: [Int]
        let window: PlacedWindow

        /// Where each element of the kernel reads along an axis without moves, `[kernel, …]`.
        func rest(_ axis: Int) throws -> Tensor {
            let extents = window.kernel
            let elements = (0..<kernel).flatMap { element in
                let inner = axis == 0 ? element / extents[1] : element % extents[1]
                return (0..<places[axis]).map { place in
                    Double(place * window.strides[axis] + inner * window.dilations[axis] - window.leading[axis])
                }
            }
            return Tensor(elements, shape: axis == 0 ? [kernel, places[0], 1] : [kernel, 1, places[1]])
        }
    }

    private func layout(
        of x: [Int], _ weight: [Int], _ moves: [Int], _ factors: [Int]?
    ) throws(OperandError) -> Layout {
        guard x.count == 4, weight.count == 4, x.allSatisfy({ $0 > 0 }), weight.allSatisfy({ $0 > 0 }),
            x[1].isMultiple(of: groups), weight[0].isMultiple(of: groups), weight[1] == x[1] / groups,
            x[1].isMultiple(of: moveGroups)
        else { throw OperandError(expected: "pictures, and a weight for their channels", found: "\(x), \(weight)") }
        let placed = try window.placed(on: Array(x.dropFirst(2)), kernel: Array(weight.dropFirst(2)))
        let places = placed.sizes(on: Array(x.dropFirst(2)))
        let (kernel, overflows) = weight[2].multipliedReportingOverflow(by: weight[3])
        guard !overflows, moves == [x[0], moveGroups * kernel * 2] + places,
            factors ?? [x[0], moveGroups * kernel] + places == [x[0], moveGroups * kernel] + places
        else { throw OperandError(expected: "moves at \(places) places", found: "\(moves)") }
        return Layout(kernel: kernel, places: places, window: placed)
    }
}

extension DeformableConvolution {
    /// Channels are joined as in a ``Convolution``, those of a group that moves together, too; places are told apart.
    func label(_ inputs: [Value?], in labelling: inout Labelling) throws -> [Value] {
        let (x, weight, moves) = (try inputs.required(0), try inputs.required(1), try inputs.required(2))
        let layout = try layout(of: x.shape, weight.shape, moves.shape, inputs.optional(4)?.shape)
        let parts = try labelling.factored(x.axes[1], sizes: [moveGroups, x.shape[1] / moveGroups])
        labelling.fix([parts[0]] + moves.axes.dropFirst() + (inputs.optional(4)?.axes.dropFirst() ?? []))
        try labelling.unify(x.axes[0], moves.axes[0])
        if let factors = inputs.optional(4) { try labelling.unify(x.axes[0], factors.axes[0]) }
        labelling.fix(Array(x.axes.dropFirst(2)))
        let channels = try labelling.convolved(x.axes[1], weight, groups: groups, bias: inputs.optional(3))
        return [Value([x.axes[0], channels] + layout.places.map(Label.fixed))]
    }
}
