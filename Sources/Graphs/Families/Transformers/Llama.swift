import Torch

/// Decoders of text with rotary positions, groups of query heads that share keys and values, and gated layers.
///
/// - Source: Touvron et al., arXiv:2302.13971; Ainslie et al., arXiv:2305.13245; names as in Hugging Face's transformers.
enum Llama: Family {
    static let name = "a Llama"

    private static let tokens = "embed_tokens.weight"
    private static let projection = "layers.0.self_attn.q_proj.weight"

    static func isFamily(_ shapes: [String: [Int]]) -> Bool {
        prefix(["", "model."], before: projection, in: shapes) != nil
            && prefix(["", "model."], before: "layers.0.mlp.gate_proj.weight", in: shapes) != nil
    }

    static func graph(_ given: GraphBuilder) throws -> Graph {
        var build = given
        let config = try Configuration(
            beside: build.checkpoint, family: name, type: "llama", missing: "the numbers of heads")
        let stem = build.has(projection) ? "" : "model."
        let table = build.has(stem + tokens) ? stem + tokens : "lm_head.weight"
        let vocabulary = try build.shape(table, rank: 2)
        let width = vocabulary[1]
        let queries = try build.outputs("\(stem)layers.0.self_attn.q_proj")
        let heads = try config.heads("num_attention_heads", dividing: queries)
        let keyHeads = try config.integer("num_key_value_heads", in: 1...heads) ?? heads
        let size = queries / heads
        guard heads.isMultiple(of: keyHeads) else {
            throw config.refused("num_key_value_heads", "a number that divides the \(heads) heads")
        }
        guard try config.integer("head_dim", in: size...size) ?? size == size, size.isMultiple(of: 2) else {
            throw config.refused("num_attention_heads", "heads of an even size")
        }
        let epsilon = try config.number("rms_norm_eps", in: 0...1, default: 1e-6)
        let activation = try config.activation("hidden_act", default: "silu")
        let frequencies = try RotaryFrequencies(size: size, config)
        let (cosines, sines) = build.angles(frequencies, of: build.places(in: "input_ids"))

        func normalized(_ x: String, _ layer: String) throws -> String {
            build(
                "RMSNormalization", x, try build.parameter("\(layer).weight", [width]),
                attributes: ["axis": .integer(-1), "epsilon": .number(epsilon)])
        }
        var x = try build.rows("input_ids", of: table, vocabulary)
        let layers = build.count { "\(stem)layers.\($0).self_attn.q_proj.weight" }
        try config.requireLayers(layers, "num_hidden_layers")
        for layer in 0..<layers {
            let block = "\(stem)layers.\(layer)"
            var y = try normalized(x, "\(block).input_layernorm")
            var query = try build.dense(y, "\(block).self_attn.q_proj", inputs: width, outputs: queries)
            var key = try build.dense(y, "\(block).self_attn.k_proj", inputs: width, outputs: keyHeads * size)
            let value = try build.dense(y, "\(block).self_attn.v_proj", inputs: width, outputs: keyHeads * size)
            query = build("RotaryEmbedding", query, cosines, sines, attributes: ["num_heads": .integer(heads)])
            key = build("RotaryEmbedding", key, cosines, sines, attributes: ["num_heads": .integer(keyHeads)])
            y = build.attention(query, key, value, heads: heads, keyHeads: keyHeads, isCausal: true)
            x = build("Add", x, try build.dense(y, "\(block).self_attn.o_proj", inputs: queries, outputs: width))
            y = try normalized(x, "\(block).post_attention_layernorm")
            let inner = try build.outputs("\(block).mlp.gate_proj")
            let gate = try build.dense(y, "\(block).mlp.gate_proj", inputs: width, outputs: inner)
            let up = try build.dense(y, "\(block).mlp.up_proj", inputs: width, outputs: inner)
            y = build("Mul", build(activation.operation, gate, attributes: activation.attributes), up)
            x = build("Add", x, try build.dense(y, "\(block).mlp.down_proj", inputs: inner, outputs: width))
        }
        x = try normalized(x, "\(stem)norm")
        if build.has("score.weight") {
            x = try build.dense(x, "score", inputs: width, outputs: build.outputs("score"))
        } else {
            let isTied = try config.truth("tie_word_embeddings", default: false)
            x = try build.outputMatrix(
                x, tiedTo: table, isTied: isTied && config.isArchitecture("ForCausalLM"), width)
        }
        return try build.graph([GraphBuilder.tokens()], outputs: [x], buffers: [".rotary_emb.inv_freq"])
    }
}
