import Torch

/// ``MultiHeadAttention`` of one input with itself, with the products that make queries, keys and values.
///
/// - Input: `x` `[batch, places, inputs]`; one weight for all three `[inputs, 3 · heads · size]`; a bias; which keys are
///   seen; earlier keys and values `[2, batch, heads, places, size]`; a summand of the products.
/// - Output: `[batch, places, heads · size]`; all keys and values.
struct FusedAttention: Operator {
    static let names = ["com.microsoft::Attention"]

    private let attention: MultiHeadAttention
    /// The sizes of queries, keys and values, where they are not equal.
    private let sizes: [Int]?

    init(_ node: Node) throws(GraphError) {
        try node.requireInputs(2...6)
        for name in ["do_rotary", "past_present_share_buffer"] where try node.truth(name, default: false) {
            throw node.refused(name, expected: "0")
        }
        sizes = try node.sizes("qkv_hidden_sizes", in: 1...Window.largest)
        guard sizes?.count ?? 3 == 3 else { throw node.refused("qkv_hidden_sizes", expected: "three sizes") }
        var plain = node
        plain.inputs = ["q", "k", "v"]
        attention = try MultiHeadAttention(plain)
    }

    func evaluate(_ inputs: [Tensor?]) throws -> [Tensor] {
        let (x, weight) = (try inputs.required(0), try inputs.required(1).requiringRank(atLeast: 2))
        var products = try aten("matmul", x, weight)
        if let bias = inputs.optional(2) { products = try aten("add.Tensor", products, bias) }
        let values = try atenResults("split_with_sizes", products, sizes(of: weight.size(1)), -1)
        let earlier = try inputs.optional(4).map { try atenResults("unbind.int", $0) } ?? []
        let past: [Tensor?] = earlier.count == 2 ? earlier : [nil, nil]
        let results = try attention.evaluate(values + [nil, inputs.optional(3), inputs.optional(5)] + past)
        guard results[1].shape == results[2].shape else { return [results[0]] }
        return [results[0], try aten("stack", [results[1], results[2]])]
    }

    private func sizes(of whole: Int) throws(OperandError) -> [Int] {
        if let sizes { return sizes }
        guard whole.isMultiple(of: 3) else {
            throw OperandError(expected: "queries, keys and values of one size", found: "\(whole) columns")
        }
        return Array(repeating: whole / 3, count: 3)
    }
}

extension FusedAttention {
    /// The weight's columns are those of queries, keys and values one after the other; the rest is ``Attention``.
    func label(_ inputs: [Value?], in labelling: inout Labelling) throws -> [Value] {
        let (x, weight) = (try inputs.required(0), try inputs.required(1))
        guard x.rank == 3, weight.rank == 2 else {
            throw OperandError(expected: "three axes and a matrix", found: "\(x.shape), \(weight.shape)")
        }
        try labelling.unify(x.axes[2], weight.axes[0])
        if let bias = inputs.optional(2) { try labelling.unify(weight.axes[1], bias.axis(0)) }
        let parts = try labelling.split(weight.axes[1], sizes: sizes(of: weight.shape[1]))
        let values = parts.map { Value([x.axes[0], x.axes[1], $0]) }
        var past: [Value?] = [nil, nil]
        if let earlier = inputs.optional(4) {
            guard earlier.rank == 5, earlier.shape[0] == 2 else {
                throw OperandError(expected: "keys and values", found: "\(earlier.shape)")
            }
            past = Array(repeating: Value(Array(earlier.axes.dropFirst())), count: 2)
        }
        let results = try attention.label(
            values + [nil, inputs.optional(3), inputs.optional(5)] + past, in: &labelling)
        guard results[1].shape == results[2].shape else { return [results[0]] }
        return [results[0], Value(stacking: results[1...2].map(\.axes), axis: 0)]
    }
}
