import Torch

/// ``Attention`` over queries, keys and values to which a bias is added.
///
/// - Input: queries `[batch, places, heads · size]`, keys and values likewise or `[batch, heads, places, size]`; the bias
///   of all three, one after the other; which keys are seen; a summand of the products; keys and values of earlier places.
/// - Output: the shape of the queries, with the size of the values; all keys; all values.
struct MultiHeadAttention: Operator {
    static let names = ["com.microsoft::MultiHeadAttention"]

    private let attention: Attention
    private let mask: AttentionMask

    init(_ node: Node) throws(GraphError) {
        try node.requireInputs(3...8)
        mask = try AttentionMask(node)
        attention = try Attention(multiHead: node)
    }

    func evaluate(_ inputs: [Tensor?]) throws -> [Tensor] {
        var values = try (0..<3).map(inputs.required)
        if let bias = inputs.optional(3) {
            let parts = try atenResults(
                "split_with_sizes", bias, values.map { try $0.requiringRank(atLeast: 3).size(2) })
            values = try zip(values, parts).map { try aten("add.Tensor", $0, $1) }
        }
        let keys = try values[1].requiringRank(atLeast: 3)
        let past = try inputs.optional(6)?.requiringRank(atLeast: 3).size(2) ?? 0
        var summand = inputs.optional(5)
        if let given = inputs.optional(4) {
            let bias = try mask.bias(
                given, batch: keys.size(0), keys: past + keys.size(keys.rank == 4 ? 2 : 1), dtype: values[0].dtype)
            summand = try summand.map { try aten("add.Tensor", $0, bias) } ?? bias
        }
        return try Array(
            attention.evaluate(values + [summand, inputs.optional(6), inputs.optional(7)]).prefix(3))
    }
}

extension Attention {
    /// The standard operator with the settings of ONNX Runtime's.
    init(multiHead node: Node, keyHeads: Int? = nil, isCausal: Bool? = nil) throws(GraphError) {
        let heads = try node.integer("num_heads", default: 0)
        guard heads > 0 else { throw node.refused("num_heads", expected: "a positive integer") }
        let looksBack = try node.truth("unidirectional", default: false)
        var attributes: [String: Attribute] = [
            "q_num_heads": .integer(heads), "kv_num_heads": .integer(keyHeads ?? heads),
            "is_causal": .integer(isCausal ?? looksBack ? 1 : 0),
            "softcap": .number(try node.number("softcap", default: 0)),
        ]
        let scale = try node.number("scale", default: 0)
        if scale != 0 { attributes["scale"] = .number(scale) }
        try self.init(
            Node("Attention", name: node.name, inputs: ["q", "k", "v"], outputs: [], attributes: attributes))
    }
}

extension MultiHeadAttention {
    /// What ``Attention`` does; the bias is joined to what it is added to.
    func label(_ inputs: [Value?], in labelling: inout Labelling) throws -> [Value] {
        let values = try (0..<3).map(inputs.required)
        let keys = values[1]
        guard values.allSatisfy({ $0.rank >= 3 }) else {
            throw OperandError(expected: "three axes", found: "\(values.map(\.shape))")
        }
        if let bias = inputs.optional(3) {
            let parts = try labelling.split(bias.axis(0), sizes: values.map { $0.shape[2] })
            for (value, part) in zip(values, parts) { try labelling.unify(value.axes[2], part) }
        }
        var summand = inputs.optional(5)
        if let given = inputs.optional(4) {
            let places = keys.axes[keys.rank == 4 ? 2 : 1]
            let all = try inputs.optional(6).map {
                Label.concatenation(of: [labelling.resolved(try $0.axis(2)), labelling.resolved(places)])
            }
            let bias = try mask.label(given, batch: keys.axes[0], keys: all ?? places, in: &labelling)
            summand = try summand.map { Value(try labelling.broadcast([$0.axes, bias.axes])) } ?? bias
        }
        return try Array(
            attention.label(values + [summand, inputs.optional(6), inputs.optional(7)], in: &labelling).prefix(3))
    }
}
