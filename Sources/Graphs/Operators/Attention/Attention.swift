import Torch

/// Softmax of scaled products of queries and keys, times values, for each head.
///
/// - Input: queries, keys and values, each `[batch, heads, places, size]` or `[batch, places, heads · size]`; a mask
///   that is broadcast, of truths or of summands; keys and values of earlier places.
/// - Output: the shape of the queries, with the size of the values; all keys; all values; the products.
/// - Source: Vaswani et al., arXiv:1706.03762.
struct Attention: Operator {
    static let names = ["Attention"]

    /// Whether a place sees only those up to itself.
    let isCausal: Bool
    let queryHeads: Int?
    let keyHeads: Int?
    /// The factor of the products; by default one over the root of the size of a head.
    let scale: Double?
    /// The bound into which products are squeezed by a hyperbolic tangent, or 0.
    let softcap: Double
    /// After which step the products are given back.
    let productsAfter: Int

    init(_ node: Node) throws(GraphError) {
        try node.requireInputs(3...6)
        isCausal = try node.truth("is_causal", default: false)
        queryHeads = try node.integer("q_num_heads")
        keyHeads = try node.integer("kv_num_heads")
        scale = node.attributes["scale"] == nil ? nil : try node.number("scale", default: 1)
        softcap = try node.number("softcap", default: 0)
        productsAfter = try node.integer("qk_matmul_output_mode", default: 0)
        for name in ["left_window_size", "right_window_size"] where try node.integer(name, default: -1) >= 0 {
            throw node.refused(name, expected: "-1")
        }
    }

    func evaluate(_ inputs: [Tensor?]) throws -> [Tensor] {
        let isFlat = try inputs.required(0).rank == 3
        let query = try heads(inputs.required(0), queryHeads)
        var (key, value) = (try heads(inputs.required(1), keyHeads), try heads(inputs.required(2), keyHeads))
        let past = try inputs.optional(4)?.requiringRank(atLeast: 3).size(2) ?? 0
        if let earlier = inputs.optional(4) { key = try aten("cat", [earlier, key], 2) }
        if let earlier = inputs.optional(5) { value = try aten("cat", [earlier, value], 2) }
        let present = [key, value]
        guard key.size(1) > 0, query.size(1) % key.size(1) == 0 else {
            throw OperandError(expected: "a multiple of \(key.size(1)) query heads", found: "\(query.size(1))")
        }
        let repeats = query.size(1) / key.size(1)
        key = try aten("repeat_interleave.self_int", key, repeats, 1)
        value = try aten("repeat_interleave.self_int", value, repeats, 1)
        let factor = scale ?? 1 / Double(query.size(3)).squareRoot()
        var products = try aten(
            "matmul", aten("mul.Scalar", query, factor), aten("transpose.int", key, 2, 3))
        var steps = [products]
        if softcap > 0 {
            products = try aten("mul.Scalar", aten("tanh", aten("div.Scalar", products, softcap)), softcap)
        }
        steps.append(products)
        let bias = try bias(inputs.optional(3), like: products, past: past)
        products = try aten("add.Tensor", products, bias)
        steps.append(products)
        // A place that sees nothing takes nothing.
        let isBlind = try aten("isneginf", aten("amax", bias, [-1], true))
        let weights = try aten("masked_fill.Scalar", aten("softmax.int", products, -1), isBlind, 0)
        steps.append(weights)
        var result = try aten("matmul", weights, value)
        if isFlat { result = try aten("flatten.using_ints", aten("transpose.int", result, 1, 2), 2) }
        return [result] + present + [steps[min(max(productsAfter, 0), 3)]]
    }

    /// The heads as an axis of their own, before that of places.
    private func heads(_ x: Tensor, _ count: Int?) throws -> Tensor {
        guard x.rank != 4 else { return x }
        guard x.rank == 3, let count, count > 0, x.size(2) % count == 0 else {
            throw OperandError(expected: "\(count ?? 0) heads", found: "\(x)")
        }
        let split = try aten("reshape", x, [x.size(0), x.size(1), count, x.size(2) / count])
        return try aten("transpose.int", split, 1, 2)
    }

    /// What is added to the products: −∞ where a place is not seen.
    private func bias(_ mask: Tensor?, like products: Tensor, past: Int) throws -> Tensor {
        let (queries, keys) = (products.size(2), products.size(3))
        var bias = try aten("zeros", [queries, keys], products.dtype)
        if var mask {
            if mask.dtype == .bool {
                mask = try aten(
                    "masked_fill.Scalar", aten("zeros_like", mask, products.dtype), aten("logical_not", mask),
                    -Double.infinity)
            }
            let missing = keys - (try mask.requiringRank(atLeast: 1).size(-1))
            if missing > 0 { mask = try aten("constant_pad_nd", mask, [0, missing], -Double.infinity) }
            bias = try aten("add.Tensor", bias, mask)
        }
        guard isCausal else { return bias }
        let isLater = try aten("triu", aten("ones", [queries, keys], DType.bool), past + 1)
        return try aten("masked_fill.Scalar", bias, isLater, -Double.infinity)
    }
}

extension Attention {
    /// Heads are joined, those of queries group by group to those of keys; dimensions are joined within a head; places
    /// are told apart where the attention is causal.
    func label(_ inputs: [Value?], in labelling: inout Labelling) throws -> [Value] {
        let isFlat = try inputs.required(0).rank == 3
        let query = try heads(inputs.required(0), queryHeads, &labelling)
        var (key, value) = (
            try heads(inputs.required(1), keyHeads, &labelling), try heads(inputs.required(2), keyHeads, &labelling)
        )
        if let earlier = inputs.optional(4) { key = try labelling.appended(key, to: earlier) }
        if let earlier = inputs.optional(5) { value = try labelling.appended(value, to: earlier) }
        guard key[1].size > 0, query[1].size.isMultiple(of: key[1].size) else {
            throw OperandError(expected: "a multiple of \(key[1].size) query heads", found: "\(query[1].size)")
        }
        let groups = try labelling.factored(query[1], sizes: [key[1].size, query[1].size / key[1].size])
        try labelling.unify(groups[0], key[1])
        for axis in 0...2 { try labelling.unify(key[axis], value[axis]) }
        try labelling.unify(query[0], key[0])
        try labelling.unify(query[3], key[3])
        if isCausal { labelling.fix([query[2], key[2]]) }
        var products = [query[0], query[1], query[2], key[2]]
        if let mask = inputs.optional(3) {
            if let last = mask.axes.last, last.size == key[2].size {
                products = try labelling.broadcast([products, mask.axes])
            } else {
                labelling.fix(mask.axes + products)
            }
        }
        let result =
            isFlat
            ? [query[0], query[2], labelling.resolved(.product([query[1], value[3]]))]
            : [query[0], query[1], query[2], value[3]]
        return [Value(result), Value(key), Value(value), Value(products)]
    }

    /// The axes `[batch, heads, places, size]`.
    private func heads(_ x: Value, _ count: Int?, _ labelling: inout Labelling) throws -> [Label] {
        guard x.rank != 4 else { return x.axes }
        guard x.rank == 3, let count, count > 0, x.shape[2].isMultiple(of: count) else {
            throw OperandError(expected: "\(count ?? 0) heads", found: "\(x.shape)")
        }
        let factors = try labelling.factored(x.axes[2], sizes: [count, x.shape[2] / count])
        return [x.axes[0], factors[0], x.axes[1], factors[1]]
    }
}

extension Labelling {
    /// The axes of keys or values after those of earlier places.
    fileprivate mutating func appended(_ axes: [Label], to earlier: Value) throws -> [Label] {
        guard earlier.rank == 4 else { throw OperandError(expected: "four axes", found: "\(earlier.shape)") }
        for axis in [0, 1, 3] { try unify(axes[axis], earlier.axes[axis]) }
        return [axes[0], axes[1], .concatenation(of: [resolved(earlier.axes[2]), resolved(axes[2])]), axes[3]]
    }
}
