import Torch

/// Pairs of elements of each head turned by angles that depend on the place.
///
/// - Input: `x` `[batch, heads, places, size]` or `[batch, places, heads · size]`; cosines and sines of the angles,
///   `[batch, places, pairs]`, or `[positions, pairs]` where another input says the positions `[batch, places]`, or the
///   first of them.
/// - Source: Su et al., arXiv:2104.09864.
struct RotaryEmbedding: Operator {
    static let names = ["RotaryEmbedding", "com.microsoft::RotaryEmbedding"]

    /// Whether pairs are neighbours, instead of one element of each half.
    let pairsNeighbours: Bool
    /// How many elements of a head are turned; 0 for all.
    let turnedCount: Int
    let heads: Int
    /// The inputs that hold cosines, sines and positions.
    private let places: (cosines: Int, sines: Int, positions: Int)

    init(_ node: Node) throws(GraphError) {
        let isStandard = node.operation == "RotaryEmbedding"
        try node.requireInputs(isStandard ? 3...4 : 4...4)
        places = isStandard ? (1, 2, 3) : (2, 3, 1)
        for (name, only) in [("is_packed_batching", 0), ("scale", 1)] where !isStandard {
            guard try name == "scale" ? node.number(name, default: 1) == 1 : node.integer(name, default: only) == only
            else { throw node.refused(name, expected: "\(only)") }
        }
        pairsNeighbours = try node.truth("interleaved", default: false)
        turnedCount = try node.integer("rotary_embedding_dim", default: 0)
        heads = try node.integer("num_heads", default: 0)
    }

    func evaluate(_ inputs: [Tensor?]) throws -> [Tensor] {
        let x = try inputs.required(0)
        let cosines = try angles(inputs.required(places.cosines), inputs, count: x)
        let sines = try angles(inputs.required(places.sines), inputs, count: x)
        if x.rank == 4 {
            let turned = try turned(aten("transpose.int", x, 1, 2), cosines, sines)
            return [try aten("transpose.int", turned, 1, 2)]
        }
        let heads = try heads(of: x.shape, pairs: cosines.size(-1))
        let split = try aten("reshape", x, [x.size(0), x.size(1), heads, x.size(2) / heads])
        return [try aten("reshape", turned(split, cosines, sines), x.shape)]
    }

    /// How many heads the last of three axes holds.
    private func heads(of shape: [Int], pairs: Int) throws(OperandError) -> Int {
        let heads = heads == 0 && places.positions == 1 && pairs > 0 ? (shape.last ?? 0) / (2 * pairs) : heads
        guard shape.count == 3, heads > 0, shape[2].isMultiple(of: heads) else {
            throw OperandError(expected: "\(heads) heads", found: "\(shape)")
        }
        return heads
    }

    /// Cosines or sines `[batch, places, 1, pairs]`.
    private func angles(_ table: Tensor, _ inputs: [Tensor?], count x: Tensor) throws -> Tensor {
        guard var positions = inputs.optional(places.positions) else { return try aten("unsqueeze", table, -2) }
        if positions.shape == [1] {
            let count = try x.requiringRank(atLeast: 3).size(x.rank == 4 ? 2 : 1)
            positions = try aten("unsqueeze", aten("add.Tensor", aten("arange", count, DType.int64), positions), 0)
        }
        let indices = try positions.indices(into: table.requiringRank(atLeast: 2).size(0))
        return try aten("unsqueeze", aten("embedding", table, indices), -2)
    }

    /// `x` `[batch, places, heads, size]`.
    private func turned(_ x: Tensor, _ cosines: Tensor, _ sines: Tensor) throws -> Tensor {
        let (size, count) = (x.size(3), turnedCount == 0 ? x.size(3) : turnedCount)
        guard (0...size).contains(count), count % 2 == 0 else {
            throw OperandError(expected: "pairs of \(size) elements", found: "\(count) elements")
        }
        let parts = try atenResults("split_with_sizes", x, [count, size - count], 3)
        let shape = Array(x.shape.dropLast()) + (pairsNeighbours ? [count / 2, 2] : [2, count / 2])
        let axis = pairsNeighbours ? 4 : 3
        let pairs = try atenResults("unbind.int", aten("reshape", parts[0], shape), axis)
        let first = try aten("sub.Tensor", aten("mul.Tensor", cosines, pairs[0]), aten("mul.Tensor", sines, pairs[1]))
        let second = try aten("add.Tensor", aten("mul.Tensor", sines, pairs[0]), aten("mul.Tensor", cosines, pairs[1]))
        let joined = try aten("reshape", aten("stack", [first, second], axis), parts[0].shape)
        return try aten("cat", [joined, parts[1]], 3)
    }
}

extension RotaryEmbedding {
    /// Places and dimensions that are turned stay where they are, each pair at an angle of its own; heads pass through.
    func label(_ inputs: [Value?], in labelling: inout Labelling) throws -> [Value] {
        let x = try inputs.required(0)
        var size = try x.axis(-1)
        labelling.fix([try x.axis(0), try x.axis(x.rank == 4 ? 2 : 1)])
        if x.rank == 3 {
            let heads = try heads(of: x.shape, pairs: inputs.required(places.cosines).axis(-1).size)
            size = try labelling.factored(size, sizes: [heads, size.size / heads])[1]
        }
        let count = turnedCount == 0 ? size.size : turnedCount
        guard (0...size.size).contains(count) else {
            throw OperandError(expected: "at most \(size.size) dimensions", found: "\(count)")
        }
        labelling.fix([try labelling.split(size, sizes: [count, size.size - count])[0]])
        for table in [places.cosines, places.sines] { labelling.fix(try inputs.required(table).axes) }
        if let positions = inputs.optional(places.positions) {
            labelling.note(positions.origin, selectsFrom: try inputs.required(places.cosines).axis(0).size)
        }
        return [Value(x.axes)]
    }
}
