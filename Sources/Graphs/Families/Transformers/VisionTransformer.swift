import Torch

/// Encoders of pictures cut into patches, with or without a pooler and a classifier on top.
///
/// - Source: Dosovitskiy et al., arXiv:2010.11929; names as in Hugging Face's transformers, before version 5 and since.
enum VisionTransformer: Family {
    static let name = "a ViT"

    private static let patches = "embeddings.patch_embeddings.projection.weight"

    /// What the layers of a block are called.
    private struct Names {
        var block, projections, join, expand, contract: String

        static let old = Names(
            block: "encoder.layer", projections: "attention.attention.", join: "attention.output.dense",
            expand: "intermediate.dense", contract: "output.dense")
        static let new = Names(
            block: "layers", projections: "attention.", join: "attention.o_proj", expand: "mlp.fc1",
            contract: "mlp.fc2")
    }

    static func isFamily(_ shapes: [String: [Int]]) -> Bool {
        prefix(["", "vit."], before: patches, in: shapes) != nil
    }

    static func graph(_ given: GraphBuilder) throws -> Graph {
        var build = given
        let config = try Configuration(
            beside: build.checkpoint, family: name, type: "vit",
            missing: "the number of heads and the size of pictures")
        let stem = build.has(patches) ? "" : "vit."
        let epsilon = try config.number("layer_norm_eps", in: 0...1, default: 1e-12)
        let activation = try config.activation("hidden_act", default: "gelu")
        let kernel = try build.shape(stem + patches, rank: 4)
        let width = kernel[0]
        let heads = try config.heads("num_attention_heads", dividing: width)
        let picture = try config.size("image_size", in: 1...1 << 16)
        let positions = try build.shape("\(stem)embeddings.position_embeddings", rank: 3)[1]
        guard positions > 1, (picture.height / kernel[2]) * (picture.width / kernel[3]) == positions - 1 else {
            throw config.refused("image_size", "a size that gives \(positions - 1) patches of \(kernel[2...])")
        }

        var x = try embeddings(stem, kernel, positions, &build)
        let names = build.has("\(stem)layers.0.attention.q_proj.weight") ? Names.new : Names.old
        let projections = names.block == "layers" ? ["q_proj", "k_proj", "v_proj"] : ["query", "key", "value"]
        let layers = build.count { "\(stem)\(names.block).\($0).\(names.projections)\(projections[0]).weight" }
        try config.requireLayers(layers, "num_hidden_layers")
        for layer in 0..<layers {
            let block = "\(stem)\(names.block).\(layer)"
            var y = try build.layerNormalization(x, "\(block).layernorm_before", width, epsilon: epsilon)
            let parts = try projections.map {
                try build.dense(y, "\(block).\(names.projections)\($0)", inputs: width, outputs: width)
            }
            y = build.attention(parts[0], parts[1], parts[2], heads: heads)
            x = build("Add", try build.dense(y, "\(block).\(names.join)", inputs: width, outputs: width), x)
            y = try build.layerNormalization(x, "\(block).layernorm_after", width, epsilon: epsilon)
            let inner = try build.outputs("\(block).\(names.expand)")
            y = try build.dense(y, "\(block).\(names.expand)", inputs: width, outputs: inner)
            y = build(activation.operation, y, attributes: activation.attributes)
            x = build("Add", try build.dense(y, "\(block).\(names.contract)", inputs: inner, outputs: width), x)
        }
        x = try build.layerNormalization(x, "\(stem)layernorm", width, epsilon: epsilon)
        let outputs = try results(of: x, stem, width, config, &build)
        let input = Graph.Input(
            name: "pixel_values", shape: [nil, kernel[1], picture.height, picture.width], dtype: .float32)
        return try build.graph([input], outputs: outputs)
    }

    /// The patches, the token of the class before them, each with its position.
    private static func embeddings(
        _ stem: String, _ kernel: [Int], _ positions: Int, _ build: inout GraphBuilder
    ) throws -> String {
        let (layer, width) = ("\(stem)embeddings.patch_embeddings.projection", kernel[0])
        let patches = build(
            "Conv", "pixel_values", try build.parameter("\(layer).weight", kernel),
            try build.parameter("\(layer).bias", [width]), attributes: ["strides": .integers(Array(kernel[2...]))])
        let flat = build("Reshape", patches, build.constant(Tensor([Int64(0), 0, -1])))
        let places = build("Transpose", flat, attributes: ["perm": .integers([0, 2, 1])])
        let token = try build.parameter("\(stem)embeddings.cls_token", [1, 1, width])
        let batch = build("Shape", patches, attributes: ["start": .integer(0), "end": .integer(1)])
        let shape = build(
            "Concat", batch, build.constant(Tensor([Int64(1), Int64(width)])), attributes: ["axis": .integer(0)])
        let whole = build("Concat", build("Expand", token, shape), places, attributes: ["axis": .integer(1)])
        return build(
            "Add", whole, try build.parameter("\(stem)embeddings.position_embeddings", [1, positions, width]))
    }

    /// The class's logits, or what a model without a classifier gives back.
    private static func results(
        of x: String, _ stem: String, _ width: Int, _ config: Configuration, _ build: inout GraphBuilder
    ) throws -> [String] {
        let isPooled = build.has("\(stem)pooler.dense.weight")
        guard isPooled || build.has("classifier.weight") else { return [x] }
        let first = build("Gather", x, build.constant(Tensor([Int64(0)], shape: [])), attributes: ["axis": .integer(1)])
        if build.has("classifier.weight") {
            return [try build.dense(first, "classifier", inputs: width, outputs: build.outputs("classifier"))]
        }
        let activation = try config.activation("pooler_act", default: "tanh")
        let pooled = try build.dense(
            first, "\(stem)pooler.dense", inputs: width, outputs: build.outputs("\(stem)pooler.dense"))
        return [x, build(activation.operation, pooled, attributes: activation.attributes)]
    }
}
