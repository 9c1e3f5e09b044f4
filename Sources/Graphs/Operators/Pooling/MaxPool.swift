import Torch

/// The largest element in each place of a window, and where it is.
struct MaxPool: Operator {
    static let names = ["MaxPool"]

    let window: Window
    /// Whether the node has a second result, the position of each largest element in the whole input.
    let hasPositions: Bool
    /// Whether positions count the first of the window's axes fastest.
    let countsColumnsFirst: Bool

    init(_ node: Node) throws(GraphError) {
        try node.requireInputs(1...1)
        window = try Window(node)
        hasPositions = node.outputs.count > 1
        countsColumnsFirst = try node.truth("storage_order", default: false)
    }

    func evaluate(_ inputs: [Tensor?]) throws -> [Tensor] {
        let x = try inputs.required(0).requiringRank(atLeast: 3)
        let axes = x.rank - 2
        let placed = try window.placed(on: Array(x.shape.dropFirst(2)))
        let lowest: any DispatchArgument = x.dtype.isFloatingPoint ? -Double.infinity : x.dtype == .int8 ? -128 : 0
        let padded = try placed.pad(x, with: x.dtype == .int64 ? Int.min : lowest, excess: true)
        let results = try atenResults(
            "max_pool\(axes)d_with_indices", padded, placed.kernel, placed.strides, [Int](repeating: 0, count: axes),
            placed.dilations)
        guard hasPositions, results.count == 2 else { return [results[0]] }
        return [results[0], try positions(results[1], in: x, padded: padded, placed)]
    }

    /// Positions in the whole input, from those in each padded channel.
    private func positions(_ found: Tensor, in x: Tensor, padded: Tensor, _ placed: PlacedWindow) throws -> Tensor {
        let sizes = Array(x.shape.dropFirst(2))
        let order = countsColumnsFirst ? Array(sizes.indices) : sizes.indices.reversed()
        var (factors, plane) = (sizes, 1)
        for axis in order {
            factors[axis] = plane
            plane *= sizes[axis]
        }
        var (rest, sum) = (found, try aten("zeros_like", found))
        for axis in sizes.indices.reversed() {
            let size = padded.size(axis + 2)
            let index = try aten("sub.Scalar", aten("remainder.Scalar", rest, size), placed.leading[axis])
            rest = try aten("div.Scalar_mode", rest, size, "floor")
            sum = try aten("add.Tensor", sum, aten("mul.Scalar", index, factors[axis]))
        }
        let planes = Tensor((0..<Int64(x.size(0) * x.size(1))).map { $0 * Int64(plane) })
        let shape = [x.size(0), x.size(1)] + sizes.map { _ in 1 }
        return try aten("add.Tensor", sum, aten("reshape", planes, shape))
    }
}

extension MaxPool {
    /// Channels pass through, and positions in the whole input grow from each to the next; places stay where they are,
    /// unless the window looks at one at a time.
    func label(_ inputs: [Value?], in labelling: inout Labelling) throws -> [Value] {
        let x = try inputs.required(0)
        let placed = try window.placed(on: Array(x.shape.dropFirst(2)))
        let result = Value(x.axes.prefix(2) + labelling.places(x.axes.dropFirst(2), placed))
        guard hasPositions else { return [result] }
        var found = result
        found.positions = positions(in: x.shape, of: result.shape, placed)
        return [result, found]
    }

    /// What the second result counts.
    private func positions(in shape: [Int], of result: [Int], _ placed: PlacedWindow) -> Positions {
        let sizes = Array(shape.dropFirst(2))
        var (slopes, plane) = (sizes, 1)
        for axis in countsColumnsFirst ? Array(sizes.indices) : sizes.indices.reversed() {
            slopes[axis] = plane
            plane *= sizes[axis]
        }
        var axes = [shape[1] * plane, plane].enumerated().map { [Positions.Factor(size: shape[$0], slope: $1)] }
        var greatest = 0
        for axis in sizes.indices {
            let isExact = placed.looksAtOne(axis) && result[axis + 2] == sizes[axis]
            if !isExact { greatest += (sizes[axis] - 1) * slopes[axis] }
            axes.append([Positions.Factor(size: result[axis + 2], slope: isExact ? slopes[axis] : 0)])
        }
        return Positions(axes: axes, rest: 0...max(0, greatest))
    }
}
