import Torch

/// Encoders of text, with or without a pooler and heads on top.
///
/// All tokens are of the first type, and none is masked.
///
/// - Source: Devlin et al., arXiv:1810.04805; names as in Hugging Face's transformers.
enum BERT: Family {
    static let name = "a BERT"

    private static let words = "embeddings.word_embeddings.weight"

    static func isFamily(_ shapes: [String: [Int]]) -> Bool { prefix(["", "bert."], before: words, in: shapes) != nil }

    static func graph(_ given: GraphBuilder) throws -> Graph {
        var build = given
        let config = try Configuration(
            beside: build.checkpoint, family: name, type: "bert", missing: "the number of heads")
        guard try config.text("position_embedding_type") ?? "absolute" == "absolute" else {
            throw config.refused("position_embedding_type", "absolute")
        }
        let stem = build.has(words) ? "" : "bert."
        let epsilon = try config.number("layer_norm_eps", in: 0...1, default: 1e-12)
        let activation = try config.activation("hidden_act", default: "gelu")
        let isCausal = try config.truth("is_decoder", default: false)
        let vocabulary = try build.shape(stem + words, rank: 2)
        let width = vocabulary[1]
        let heads = try config.heads("num_attention_heads", dividing: width)

        let places = "\(stem)embeddings.position_embeddings.weight"
        let positions = try build.shape(places, rank: 2)[0]
        let types = "\(stem)embeddings.token_type_embeddings.weight"
        let typeShape = try build.shape(types, rank: 2)
        let first = build.constant(Tensor([Int64(0)]))
        var x = try build.rows("input_ids", of: stem + words, vocabulary)
        x = build("Add", x, try build.rows(first, of: types, [typeShape[0], width]))
        x = build("Add", x, try build.rows(build.places(in: "input_ids"), of: places, [positions, width]))
        x = try build.layerNormalization(x, "\(stem)embeddings.LayerNorm", width, epsilon: epsilon)

        let layers = build.count { "\(stem)encoder.layer.\($0).attention.self.query.weight" }
        try config.requireLayers(layers, "num_hidden_layers")
        for layer in 0..<layers {
            let block = "\(stem)encoder.layer.\(layer)"
            let projections = try ["query", "key", "value"].map {
                try build.dense(x, "\(block).attention.self.\($0)", inputs: width, outputs: width)
            }
            var y = build.attention(
                projections[0], projections[1], projections[2], heads: heads, isCausal: isCausal)
            y = try build.dense(y, "\(block).attention.output.dense", inputs: width, outputs: width)
            x = try build.layerNormalization(
                build("Add", y, x), "\(block).attention.output.LayerNorm", width, epsilon: epsilon)
            let inner = try build.outputs("\(block).intermediate.dense")
            y = try build.dense(x, "\(block).intermediate.dense", inputs: width, outputs: inner)
            y = build(activation.operation, y, attributes: activation.attributes)
            y = try build.dense(y, "\(block).output.dense", inputs: inner, outputs: width)
            x = try build.layerNormalization(
                build("Add", y, x), "\(block).output.LayerNorm", width, epsilon: epsilon)
        }
        let outputs = try results(of: x, stem, width, activation, epsilon, &build)
        return try build.graph(
            [GraphBuilder.tokens(positions: positions)], outputs: outputs,
            buffers: ["embeddings.position_ids", "embeddings.token_type_ids"]
                // The same bias under another name.
                + (build.has("cls.predictions.decoder.bias") ? ["cls.predictions.bias"] : []))
    }

    /// What is computed from the last layer: the results of all heads, or what a model without heads gives back.
    private static func results(
        of x: String, _ stem: String, _ width: Int, _ activation: (operation: String, attributes: [String: Attribute]),
        _ epsilon: Double, _ build: inout GraphBuilder
    ) throws -> [String] {
        var outputs: [String] = []
        var pooled: String?
        if build.has("\(stem)pooler.dense.weight") {
            let first = build(
                "Gather", x, build.constant(Tensor([Int64(0)], shape: [])), attributes: ["axis": .integer(1)])
            pooled = build("Tanh", try build.dense(first, "\(stem)pooler.dense", inputs: width, outputs: width))
        }
        if build.has("cls.predictions.transform.dense.weight") {
            let transform = "cls.predictions.transform"
            var y = try build.dense(x, "\(transform).dense", inputs: width, outputs: width)
            y = build(activation.operation, y, attributes: activation.attributes)
            y = try build.layerNormalization(y, "\(transform).LayerNorm", width, epsilon: epsilon)
            let decoder = "cls.predictions.decoder"
            let matrix = build.has("\(decoder).weight") ? "\(decoder).weight" : stem + words
            let vocabulary = try build.shape(matrix, rank: 2)[0]
            let weight = try build.parameter(matrix, [vocabulary, width])
            y = build("MatMul", y, build("Transpose", weight, attributes: ["perm": .integers([1, 0])]))
            let bias = build.has("\(decoder).bias") ? "\(decoder).bias" : "cls.predictions.bias"
            outputs.append(build("Add", y, try build.parameter(bias, [vocabulary])))
        }
        for (head, input) in [("cls.seq_relationship", pooled), ("classifier", pooled ?? x), ("qa_outputs", x)] {
            guard build.has("\(head).weight"), let input else { continue }
            outputs.append(try build.dense(input, head, inputs: width, outputs: build.outputs(head)))
        }
        return outputs.isEmpty ? [x] + (pooled.map { [$0] } ?? []) : outputs
    }
}
