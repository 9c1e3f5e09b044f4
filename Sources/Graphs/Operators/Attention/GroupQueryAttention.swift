import Torch

/// Causal ``Attention`` in which several heads of queries share one of keys, after a table of earlier places.
///
/// - Input: queries `[batch, places, heads · size]`, keys and values `[batch, places, key heads · size]`, or all three one
///   after the other in the first; earlier keys and values `[batch, key heads, places, size]`; the last place of each
///   sample; the number of places; cosines and sines by which queries and keys are turned; positions; a summand of the
///   products.
/// - Output: the shape of the queries; all keys; all values.
/// - Source: Ainslie et al., arXiv:2305.13245.
struct GroupQueryAttention: Operator {
    static let names = ["com.microsoft::GroupQueryAttention"]

    private let attention: Attention
    private let heads: Int
    private let keyHeads: Int
    /// How many places a query sees; −1 for all before it.
    private let reach: Int
    /// How queries are turned, and how keys are.
    private let turns: [RotaryEmbedding]

    init(_ node: Node) throws(GraphError) {
        try node.requireInputs(1...11)
        heads = try node.integer("num_heads", default: 0)
        keyHeads = try node.integer("kv_num_heads", default: 0)
        guard keyHeads > 0, heads.isMultiple(of: keyHeads) else {
            throw node.refused("kv_num_heads", expected: "a divisor of \(heads)")
        }
        reach = try node.integer("local_window_size", default: -1)
        for name in ["smooth_softmax", "k_quant_type", "v_quant_type", "qk_output"]
        where node.attributes[name] != nil {
            guard case .integer(let value)? = node.attributes[name], value <= 0 else {
                throw node.refused(name, expected: "0")
            }
        }
        attention = try Attention(multiHead: node, keyHeads: keyHeads, isCausal: true)
        guard try node.truth("do_rotary", default: false) else {
            turns = []
            return
        }
        var turns: [RotaryEmbedding] = []
        for count in [heads, keyHeads] {
            turns.append(
                try RotaryEmbedding(
                    Node(
                        "com.microsoft::RotaryEmbedding", name: node.name, inputs: ["x", "p", "c", "s"], outputs: [],
                        attributes: [
                            "interleaved": node.attributes["rotary_interleaved"] ?? .integer(0),
                            "num_heads": .integer(count),
                        ])))
        }
        self.turns = turns
    }

    func evaluate(_ inputs: [Tensor?]) throws -> [Tensor] {
        let values = try separate(inputs)
        let places = try values[0].requiringRank(atLeast: 3).size(1)
        let lasts = try inputs.required(5).integers()
        let total = try inputs.required(6).integer()
        let earlier = [inputs.optional(3), inputs.optional(4)]
        let capacity = try earlier[0]?.requiringRank(atLeast: 4).size(2) ?? 0
        guard lasts.count == values[0].size(0), lasts.allSatisfy({ (0..<max(1, total)).contains($0) }), total >= places
        else { throw OperandError(expected: "a last place before \(total) for each sample", found: "\(lasts)") }
        let samples = try lasts.enumerated().map { index, last in
            let past = places == total ? 0 : last + 1 - places
            guard (0...capacity).contains(past) else {
                throw OperandError(expected: "at most \(capacity) earlier places", found: "\(past)")
            }
            let own = try values.map { try aten("narrow", $0, 0, index, 1) }
            let before = try earlier.map { table -> Tensor? in
                try table.map { try aten("narrow", aten("narrow", $0, 0, index, 1), 2, 0, past) }
            }
            return try sample(own, before, index, past: past, last: last, inputs)
        }
        let extent = max(capacity, total)
        try checkedShape([lasts.count, keyHeads, extent, values[0].size(2)])
        return try (0..<3).map { result in
            let parts = try samples.map { sample in
                let part = sample[result]
                return result == 0
                    ? part : try aten("constant_pad_nd", part, [0, 0, 0, extent - part.size(2)])
            }
            return try aten("cat", parts, 0)
        }
    }

    /// The results for one sample after `past` places.
    private func sample(
        _ own: [Tensor], _ earlier: [Tensor?], _ index: Int, past: Int, last: Int, _ inputs: [Tensor?]
    ) throws -> [Tensor] {
        var own = own
        let places = own[0].size(1)
        for (value, turn) in turns.enumerated() {
            let (cosines, sines) = (try inputs.required(7), try inputs.required(8))
            let positions = try inputs.optional(9).map { try aten("narrow", $0, 0, index, 1) }
            own[value] = try turn.evaluate([own[value], positions ?? Tensor([Int64(past)]), cosines, sines])[0]
        }
        let keys = past + places
        let queryPlaces = try aten("unsqueeze", aten("arange", keys, DType.int64), 1)
        let keyPlaces = try aten("arange", keys, DType.int64)
        var isHidden = try aten("gt.Scalar", keyPlaces, max(last, keys - places))
        if reach > 0 {
            let isFar = try aten("le.Tensor", keyPlaces, aten("sub.Scalar", queryPlaces, reach))
            isHidden = try aten("logical_or", isHidden, aten("narrow", isFar, 0, past, places))
        }
        var bias = try aten(
            "masked_fill.Scalar", aten("zeros", isHidden.shape, own[0].dtype), isHidden, -Double.infinity)
        if let summand = inputs.optional(10) {
            let rows = try summand.requiringRank(atLeast: 4)
            let part = try rows.size(0) == 1 ? rows : aten("narrow", rows, 0, index, 1)
            bias = try aten("add.Tensor", bias, aten("narrow", part, 3, 0, keys))
        }
        return try Array(attention.evaluate(own + [bias] + earlier).prefix(3))
    }

    /// Queries, keys and values.
    private func separate(_ inputs: [Tensor?]) throws -> [Tensor] {
        let first = try inputs.required(0).requiringRank(atLeast: 3)
        guard inputs.optional(1) == nil else { return [first, try inputs.required(1), try inputs.required(2)] }
        return try atenResults("split_with_sizes", first, sizes(of: first.size(2)), 2)
    }

    /// The sizes of queries, keys and values that stand one after the other.
    private func sizes(of whole: Int) throws(OperandError) -> [Int] {
        guard whole.isMultiple(of: heads + 2 * keyHeads) else {
            throw OperandError(expected: "\(heads + 2 * keyHeads) heads", found: "\(whole)")
        }
        return [heads, keyHeads, keyHeads].map { $0 * (whole / (heads + 2 * keyHeads)) }
    }
}

extension GroupQueryAttention {
    /// What ``Attention`` does, and ``RotaryEmbedding`` where queries and keys are turned; samples and places are told apart.
    func label(_ inputs: [Value?], in labelling: inout Labelling) throws -> [Value] {
        let first = try inputs.required(0)
        guard first.rank == 3 else { throw OperandError(expected: "three axes", found: "\(first.shape)") }
        var values =
            try inputs.optional(1) == nil
            ? labelling.split(first.axes[2], sizes: sizes(of: first.shape[2])).map {
                Value([first.axes[0], first.axes[1], $0])
            } : [first, inputs.required(1), inputs.required(2)]
        let total = try inputs.required(6).known().integer()
        guard total >= first.shape[1], total <= Tensor.largestCount else {
            throw OperandError(expected: "at least \(first.shape[1]) places", found: "\(total)")
        }
        labelling.fix([first.axes[0]] + (try inputs.required(5).axes))
        for (value, turn) in turns.enumerated() {
            values[value] = try turn.label(
                [values[value], Value([.fixed(1)]), inputs.required(7), inputs.required(8)], in: &labelling)[0]
            if let positions = inputs.optional(9) {
                labelling.note(positions.origin, selectsFrom: try inputs.required(7).axis(0).size)
            }
        }
        let earlier = [inputs.optional(3), inputs.optional(4)]
        for table in earlier.compactMap(\.self) {
            guard table.rank == 4 else { throw OperandError(expected: "four axes", found: "\(table.shape)") }
            labelling.fix([table.axes[2]])
        }
        if let summand = inputs.optional(10) { labelling.fix(summand.axes) }
        let results = try attention.label(values + [nil] + earlier, in: &labelling)
        if let summand = inputs.optional(10), summand.rank == 4, summand.shape[1] > 1 {
            labelling.fix([results[3].axes[1]])
        }
        let extent = max(try earlier[0]?.axis(2).size ?? 0, total)
        let tables = results[1...2].map { Value([$0.axes[0], $0.axes[1], .fixed(extent), $0.axes[3]]) }
        return [results[0]] + tables
    }
}
