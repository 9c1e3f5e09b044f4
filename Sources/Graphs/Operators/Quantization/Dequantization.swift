import Torch

/// `(x − zero) scale`, with one scale, or one for each place of an axis.
struct Dequantization: Operator {
    static let names = ["DequantizeLinear"]

    let axis: Int

    init(axis: Int) { self.axis = axis }

    init(_ node: Node) throws(GraphError) {
        try node.requireInputs(2...3)
        axis = try node.integer("axis", default: 1)
        try node.refuseBlocks()
    }

    func evaluate(_ inputs: [Tensor?]) throws -> [Tensor] {
        let x = try inputs.required(0)
        let scale = try inputs.required(1).alongAxis(axis, of: x)
        var steps = x.to(scale.dtype)
        if let zero = inputs.optional(2) {
            steps = try aten("sub.Tensor", steps, zero.to(scale.dtype).alongAxis(axis, of: x))
        }
        return [try aten("mul.Tensor", steps, scale)]
    }
}

extension Tensor {
    /// One number, or one for each place of an axis of `x`, shaped to meet it.
    func alongAxis(_ axis: Int, of x: Tensor) throws -> Tensor {
        if count == 1 { return try aten("reshape", self, [Int]()) }
        let axis = try x.axis(axis)
        guard shape == [x.size(axis)] else {
            throw OperandError(expected: "one number, or \(x.size(axis))", found: "\(self)")
        }
        return try aten("reshape", self, [count] + [Int](repeating: 1, count: x.rank - 1 - axis))
    }
}

extension Node {
    /// Refuses scales for blocks of an axis.
    func refuseBlocks() throws(GraphError) {
        guard try integer("block_size", default: 0) == 0 else { throw refused("block_size", expected: "0") }
    }
}

extension Dequantization {
    /// Scales and zero points go with the axis along which they are given.
    func label(_ inputs: [Value?], in labelling: inout Labelling) throws -> [Value] {
        let x = try inputs.required(0)
        for value in inputs.dropFirst().compactMap(\.self) where value.shape.reduce(1, *) > 1 {
            try labelling.unify(x.axis(axis), value.axis(0))
        }
        return [Value(x.axes)]
    }
}
