import Torch

/// Zeros, with elements where ``MaxPool`` found them.
///
/// - Input: `x` `[batch, channels, …]`, the positions of its elements in the whole result, and a shape that is larger than
///   the one that the window says, or none.
struct MaxUnpool: Operator {
    static let names = ["MaxUnpool"]

    let window: Window

    init(_ node: Node) throws(GraphError) {
        try node.requireInputs(2...3)
        window = try Window(node)
    }

    func evaluate(_ inputs: [Tensor?]) throws -> [Tensor] {
        let (x, positions) = (try inputs.required(0), try inputs.required(1))
        let shape = try shape(of: x.shape)
        let whole = shape.reduce(1, *)
        guard positions.shape == x.shape else {
            throw OperandError(expected: "positions of shape \(x.shape)", found: "\(positions)")
        }
        let places = try aten("reshape", positions.indices(into: whole), [-1])
        let zeros = try aten("zeros", [whole], x.dtype)
        let result = try aten("reshape", aten("scatter.src", zeros, 0, places, aten("reshape", x, [-1])), shape)
        guard let outer = try inputs.optional(2)?.integers() else { return [result] }
        let pads = try margins(from: shape, to: outer)
        return [try aten("constant_pad_nd", result, pads.reversed().flatMap { [0, $0] })]
    }

    /// The extents over which the window was moved.
    private func shape(of given: [Int]) throws(OperandError) -> [Int] {
        guard given.count >= 3, let kernel = window.kernel, kernel.count == given.count - 2 else {
            throw OperandError(expected: "a kernel for all but two axes", found: "\(window.kernel ?? []), \(given)")
        }
        let strides = try window.values(window.strides, 1, axes: kernel.count)
        let pads = try window.values(window.pads, 0, axes: 2 * kernel.count)
        let places = kernel.indices.map { axis in
            (given[axis + 2] - 1) * strides[axis] + kernel[axis] - pads[axis] - pads[axis + kernel.count]
        }
        return try checkedShape(given.prefix(2) + places)
    }

    /// How many zeros come after each axis.
    private func margins(from shape: [Int], to outer: [Int]) throws(OperandError) -> [Int] {
        try checkedShape(outer)
        let margins = zip(shape, outer).map { $1 - $0 }
        guard outer.count == shape.count, margins.allSatisfy({ $0 >= 0 }) else {
            throw OperandError(expected: "a shape of at least \(shape)", found: "\(outer)")
        }
        return margins
    }
}

extension MaxUnpool {
    var understandsPositions: Bool { true }

    /// Samples and channels pass through where the positions count the planes of the result; places are told apart.
    func label(_ inputs: [Value?], in labelling: inout Labelling) throws -> [Value] {
        let (x, positions) = (labelling.settled(try inputs.required(0)), try inputs.required(1))
        let inner = try shape(of: x.shape)
        guard positions.shape == x.shape else {
            throw OperandError(expected: "positions of shape \(x.shape)", found: "\(positions.shape)")
        }
        let outer = try inputs.optional(2)?.known().integers() ?? inner
        _ = try margins(from: inner, to: outer)
        let result = Array(x.axes.prefix(2)) + outer.dropFirst(2).map(Label.fixed)
        let whole = labelling.resolved(.product(Array(x.axes.prefix(2)) + inner.dropFirst(2).map(Label.fixed)))
        if outer.prefix(2) == inner.prefix(2), try labelling.counted(positions, along: whole) != nil {
            labelling.fix(Array(x.axes.dropFirst(2)))
            return [Value(result.map(labelling.resolved))]
        }
        labelling.fix(x.axes + labelling.settled(positions).axes)
        return [Value(outer.map(Label.fixed))]
    }
}
