import Torch

/// Decoders of text whose projections are stored `[inputs, outputs]`, query, key and value in one.
///
/// The output matrix is the table of tokens where the file has none of its own.
///
/// - Source: Radford et al., "Language Models are Unsupervised Multitask Learners", 2019; names as in Hugging Face's
///   transformers.
enum GPT2: Family {
    static let name = "a GPT-2"

    private static let attention = "h.0.attn.c_attn.weight"

    static func isFamily(_ shapes: [String: [Int]]) -> Bool {
        prefix(["", "transformer."], before: attention, in: shapes) != nil
    }

    static func graph(_ given: GraphBuilder) throws -> Graph {
        var build = given
        let config = try Configuration(
            beside: build.checkpoint, family: name, type: "gpt2", missing: "the number of heads")
        let stem = build.has(attention) ? "" : "transformer."
        let epsilon = try config.number("layer_norm_epsilon", in: 0...1, default: 1e-5)
        let activation = try config.activation("activation_function", default: "gelu_new")
        let isScaled = try config.truth("scale_attn_weights", default: true)
        let isScaledByLayer = try config.truth("scale_attn_by_inverse_layer_idx", default: false)

        // A file that holds tied matrices once may have kept either of their names.
        let table = build.has("\(stem)wte.weight") ? "\(stem)wte.weight" : "lm_head.weight"
        let vocabulary = try build.shape(table, rank: 2)
        let width = vocabulary[1]
        let heads = try config.heads("n_head", dividing: width)
        let places = "\(stem)wpe.weight"
        let positions = try build.shape(places, rank: 2)[0]
        var x = try build.rows("input_ids", of: table, vocabulary)
        x = build("Add", x, try build.rows(build.places(in: "input_ids"), of: places, [positions, width]))

        let layers = build.count { "\(stem)h.\($0).attn.c_attn.weight" }
        try config.requireLayers(layers, "n_layer")
        for layer in 0..<layers {
            let block = "\(stem)h.\(layer)"
            var y = try build.layerNormalization(x, "\(block).ln_1", width, epsilon: epsilon)
            y = try build.transposedDense(y, "\(block).attn.c_attn", inputs: width, outputs: 3 * width)
            let parts = build.results("Split", [y], count: 3, attributes: ["axis": .integer(2)])
            let scale =
                (isScaled ? 1 / Double(width / heads).squareRoot() : 1) / (isScaledByLayer ? Double(layer + 1) : 1)
            y = build.attention(parts[0], parts[1], parts[2], heads: heads, isCausal: true, scale: scale)
            y = try build.transposedDense(y, "\(block).attn.c_proj", inputs: width, outputs: width)
            x = build("Add", x, y)
            y = try build.layerNormalization(x, "\(block).ln_2", width, epsilon: epsilon)
            let inner = try build.shape("\(block).mlp.c_fc.weight", rank: 2)[1]
            y = try build.transposedDense(y, "\(block).mlp.c_fc", inputs: width, outputs: inner)
            y = build(activation.operation, y, attributes: activation.attributes)
            y = try build.transposedDense(y, "\(block).mlp.c_proj", inputs: inner, outputs: width)
            x = build("Add", x, y)
        }
        x = try build.layerNormalization(x, "\(stem)ln_f", width, epsilon: epsilon)
        if build.has("score.weight") {
            x = try build.dense(x, "score", inputs: width, outputs: build.outputs("score"))
        } else {
            x = try build.outputMatrix(x, tiedTo: table, isTied: config.isArchitecture("LMHeadModel"), width)
        }
        return try build.graph(
            [GraphBuilder.tokens(positions: positions)], outputs: [x], buffers: [".attn.bias", ".attn.masked_bias"])
    }
}

extension GraphBuilder {
    /// The logits of the next token: through `lm_head`, or through the table of tokens where that is tied to it.
    mutating func outputMatrix(_ x: String, tiedTo table: String, isTied: Bool, _ width: Int) throws -> String {
        guard !has("lm_head.weight") else { return try dense(x, "lm_head", inputs: width, outputs: outputs("lm_head")) }
        guard isTied else { return x }
        let weight = try parameter(table, shape(table, rank: 2))
        return self("MatMul", x, self("Transpose", weight, attributes: ["perm": .integers([1, 0])]))
    }
}
