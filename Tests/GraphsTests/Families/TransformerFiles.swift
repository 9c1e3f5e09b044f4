/// Small transformers with the names of Hugging Face.
extension StateFile {
    /// Width 12, 3 heads, 10 neurons inside, 2 layers.
    static func bert(prefix: String = "bert.") -> StateFile {
        var file = StateFile()
        file.configuration =
            #"{"model_type": "bert", "num_attention_heads": 3, "num_hidden_layers": 2, "hidden_act": "gelu"}"#
        for (table, rows) in [("word", 20), ("position", 9), ("token_type", 2)] {
            file.add("\(prefix)embeddings.\(table)_embeddings", [rows, 12], isBiased: false)
        }
        file.add("\(prefix)embeddings.LayerNorm", [12])
        file.shapes.append(("\(prefix)embeddings.position_ids", []))
        for layer in 0..<2 {
            let block = "\(prefix)encoder.layer.\(layer)"
            for name in ["query", "key", "value"] { file.add("\(block).attention.self.\(name)", [12, 12]) }
            file.add("\(block).attention.output.dense", [12, 12])
            file.add("\(block).attention.output.LayerNorm", [12])
            file.add("\(block).intermediate.dense", [10, 12])
            file.add("\(block).output.dense", [12, 10])
            file.add("\(block).output.LayerNorm", [12])
        }
        return file
    }

    /// The same sizes, projections stored the other way around.
    static func gpt2(prefix: String = "transformer.", architecture: String = "GPT2LMHeadModel") -> StateFile {
        var file = StateFile()
        file.configuration = #"{"model_type": "gpt2", "n_head": 3, "architectures": ["\#(architecture)"]}"#
        file.add("\(prefix)wte", [20, 12], isBiased: false)
        file.add("\(prefix)wpe", [6, 12], isBiased: false)
        for layer in 0..<2 {
            let block = "\(prefix)h.\(layer)"
            file.add("\(block).ln_1", [12])
            file.add("\(block).attn.c_attn", [12, 36], outputs: 36)
            file.add("\(block).attn.c_proj", [12, 12])
            file.add("\(block).ln_2", [12])
            file.add("\(block).mlp.c_fc", [12, 10], outputs: 10)
            file.add("\(block).mlp.c_proj", [10, 12], outputs: 12)
        }
        file.add("\(prefix)ln_f", [12])
        return file
    }

    /// The same sizes, pictures of 4 by 6 in patches of 2 by 2.
    static func vit(isNew: Bool, prefix: String = "vit.") -> StateFile {
        var file = StateFile()
        file.configuration = #"{"model_type": "vit", "num_attention_heads": 3, "image_size": [4, 6]}"#
        file.shapes.append(("\(prefix)embeddings.cls_token", [1, 1, 12]))
        file.shapes.append(("\(prefix)embeddings.position_embeddings", [1, 7, 12]))
        file.add("\(prefix)embeddings.patch_embeddings.projection", [12, 3, 2, 2])
        for layer in 0..<2 {
            let block = prefix + (isNew ? "layers" : "encoder.layer") + ".\(layer)"
            file.add("\(block).layernorm_before", [12])
            let names =
                isNew
                ? ["q_proj", "k_proj", "v_proj", "o_proj"].map { "attention.\($0)" }
                : ["query", "key", "value"].map { "attention.attention.\($0)" } + ["attention.output.dense"]
            for name in names { file.add("\(block).\(name)", [12, 12]) }
            file.add("\(block).layernorm_after", [12])
            file.add("\(block).\(isNew ? "mlp.fc1" : "intermediate.dense")", [10, 12])
            file.add("\(block).\(isNew ? "mlp.fc2" : "output.dense")", [12, 10])
        }
        file.add("\(prefix)layernorm", [12])
        return file
    }

    /// Width 14, 6 heads of size 4 that share 2 keys and values, 10 neurons inside, 2 layers.
    static func llama(
        prefix: String = "model.", heads: String = #""num_attention_heads": 6, "num_key_value_heads": 2"#,
        settings: String = ""
    ) -> StateFile {
        var file = StateFile()
        file.configuration = #"{"model_type": "llama", \#(heads)\#(settings)}"#
        func add(_ layer: String, _ weight: [Int]) { file.add(prefix + layer, weight, isBiased: false) }
        add("embed_tokens", [20, 14])
        for layer in 0..<2 {
            add("layers.\(layer).input_layernorm", [14])
            add("layers.\(layer).self_attn.q_proj", [24, 14])
            add("layers.\(layer).self_attn.k_proj", [8, 14])
            add("layers.\(layer).self_attn.v_proj", [8, 14])
            add("layers.\(layer).self_attn.o_proj", [14, 24])
            add("layers.\(layer).post_attention_layernorm", [14])
            add("layers.\(layer).mlp.gate_proj", [10, 14])
            add("layers.\(layer).mlp.up_proj", [10, 14])
            add("layers.\(layer).mlp.down_proj", [14, 10])
        }
        add("norm", [14])
        return file
    }
}
