import Torch

/// A product with a matrix whose elements are packed in few bits, on one scale for each block of a column.
///
/// - Input: `x` `[…, inputs]`; the matrix `[outputs, blocks, bytes]`, the lowest bits of a byte first; scales
///   `[outputs, blocks]`; what stands for zero, packed likewise `[outputs, bytes]`, or as numbers of the scales' shape;
///   nothing; a bias `[outputs]`.
struct PackedMatMul: Operator {
    static let names = ["com.microsoft::MatMulNBits"]

    let inputCount: Int
    let outputCount: Int
    let bits: Int
    let blockSize: Int

    init(_ node: Node) throws(GraphError) {
        try node.requireInputs(3...6)
        inputCount = try node.integer("K", default: 0)
        outputCount = try node.integer("N", default: 0)
        bits = try node.integer("bits", default: 4)
        blockSize = try node.integer("block_size", default: 0)
        guard [2, 4, 8].contains(bits) else { throw node.refused("bits", expected: "2, 4 or 8") }
        for (name, size) in [("K", inputCount), ("N", outputCount), ("block_size", blockSize)]
        where !(1...Window.largest).contains(size) {
            throw node.refused(name, expected: "an integer from 1 to \(Window.largest)")
        }
        guard blockSize.isMultiple(of: 8 / bits) else {
            throw node.refused("block_size", expected: "a multiple of the elements in a byte")
        }
        guard node.inputs.count < 5 || node.inputs[4] == nil else {
            throw GraphError.inputs(node: node.label, expected: "no order of the columns", found: "one")
        }
    }

    private var blockCount: Int { (inputCount + blockSize - 1) / blockSize }

    func evaluate(_ inputs: [Tensor?]) throws -> [Tensor] {
        let (x, packed, scales) = (try inputs.required(0), try inputs.required(1), try inputs.required(2))
        try checkedShape([outputCount, blockCount, blockSize])
        guard packed.dtype == .uint8, packed.count == outputCount * blockCount * blockSize * bits / 8,
            scales.count == outputCount * blockCount
        else {
            throw OperandError(
                expected: "\(outputCount) columns of \(blockCount) blocks", found: "\(packed), \(scales)")
        }
        let steps = try unpacked(packed, count: blockCount * blockSize).to(scales.dtype)
        let blocks = try aten("reshape", steps, [outputCount, blockCount, blockSize])
        let centred = try aten("sub.Tensor", blocks, zeros(inputs.optional(3), like: scales))
        let matrix = try aten("mul.Tensor", centred, aten("reshape", scales, [outputCount, blockCount, 1]))
        let columns = try aten(
            "narrow", aten("reshape", matrix, [outputCount, blockCount * blockSize]), 1, 0, inputCount)
        return [try aten("linear", x, columns.to(x.dtype), inputs.optional(5))]
    }

    /// The numbers that bytes hold, `[outputs, count]`.
    private func unpacked(_ bytes: Tensor, count: Int) throws -> Tensor {
        let rows = try aten("reshape", bytes, [outputCount, -1, 1]).to(.int64)
        let shifts = Tensor((0..<8 / bits).map { Int64($0 * bits) })
        let parts = try aten("bitwise_and.Scalar", aten("bitwise_right_shift.Tensor", rows, shifts), 1 << bits - 1)
        return try aten("narrow", aten("reshape", parts, [outputCount, -1]), 1, 0, count)
    }

    /// What stands for zero in each block, `[outputs, blocks, 1]`.
    private func zeros(_ given: Tensor?, like scales: Tensor) throws -> Tensor {
        guard let given else {
            return try aten("full", [outputCount, blockCount, 1], Double(1 << (bits - 1)), scales.dtype)
        }
        let numbers = given.dtype == .uint8 ? try unpacked(given, count: blockCount).to(scales.dtype) : given
        return try aten("reshape", numbers, [outputCount, blockCount, 1])
    }
}

extension PackedMatMul {
    /// Outputs are joined; inputs are packed together and told apart.
    func label(_ inputs: [Value?], in labelling: inout Labelling) throws -> [Value] {
        let (x, packed) = (try inputs.required(0), try inputs.required(1))
        guard x.rank > 0, packed.rank > 0, packed.shape[0] == outputCount, x.shape[x.rank - 1] == inputCount else {
            throw OperandError(
                expected: "\(inputCount) inputs and \(outputCount) outputs", found: "\(x.shape), \(packed.shape)")
        }
        labelling.fix([x.axes[x.rank - 1]] + packed.axes.dropFirst())
        for value in [inputs.optional(2), inputs.optional(3)].compactMap(\.self) where value.rank > 0 {
            let inner = value.axes.dropFirst()
            if value.rank > 1 {
                try labelling.unify(packed.axes[0], value.axes[0])
                labelling.fix(Array(inner))
            } else {
                let rows = try labelling.factored(
                    value.axes[0], sizes: [outputCount, value.shape[0] / outputCount])
                try labelling.unify(packed.axes[0], rows[0])
                labelling.fix([rows[1]])
            }
        }
        if let bias = inputs.optional(5) { try labelling.unify(packed.axes[0], bias.axis(0)) }
        return [Value(x.axes.dropLast() + [packed.axes[0]])]
    }
}
