import TestSupport
import Testing
import Torch

@testable import Graphs

@Suite("Transformers of Hugging Face", .oneThread)
struct TransformerTests {
    /// Heads, dimensions of queries and keys, dimensions of values, neurons inside, in two layers.
    private static let layers = [3, 4, 4, 10, 3, 4, 4, 10]

    @Test("a BERT has a residual stream, and a pooler of its own under a classifier")
    func bert() throws {
        var file = StateFile.bert()
        file.add("bert.pooler.dense", [12, 12])
        file.add("classifier", [4, 12])
        try file.expectGroups(Self.layers + [12, 12])
    }

    @Test("a BERT for words has a transform of its own, whether or not the table is stored twice")
    func maskedWords() throws {
        var file = StateFile.bert()
        file.add("cls.predictions.transform.dense", [12, 12])
        file.add("cls.predictions.transform.LayerNorm", [12])
        file.shapes.append(("cls.predictions.bias", [20]))
        // The table reads and writes: its rows are fixed, and its columns joined to the stream and the transform.
        try file.expectGroups(Self.layers + [12])
        file.add("cls.predictions.decoder", [20, 12])
        try file.expectGroups(Self.layers + [12, 12])
    }

    @Test("what nothing reads is no residual stream: a BERT without heads gives it back")
    func headless() throws {
        try StateFile.bert(prefix: "").expectGroups(Self.layers)
    }

    @Test("old names of layer normalization are understood")
    func oldNames() throws {
        var file = StateFile.bert()
        file.shapes = file.shapes.map { name, shape in
            guard name.contains("LayerNorm") else { return (name, shape) }
            return (name.replacing(".weight", with: ".gamma").replacing(".bias", with: ".beta"), shape)
        }
        file.add("classifier", [4, 12])
        try file.expectGroups(Self.layers + [12])
    }

    @Test("a GPT-2 reads its table of tokens twice, from a file that holds it once or twice", arguments: 0..<3)
    func gpt2(form: Int) throws {
        var file = StateFile.gpt2()
        file.shapes.append(("transformer.h.0.attn.masked_bias", []))
        if form > 0 { file.add("lm_head", [20, 12], isBiased: false) }
        if form > 1 { file.remove("transformer.wte.weight") }
        try file.expectGroups(Self.layers + [12])
        let network = try file.network()
        #expect(network.inputShapes["input_ids"] == [1, 6])
        let logits = try GraphEvaluator(network.graph).evaluate(
            parameters: network.parameters(.float64), inputs: ["input_ids": Tensor([Int64(1), 2], shape: [1, 2])],
            dtype: .float64)
        #expect(logits[0].shape == [1, 2, 20])
    }

    @Test("a GPT-2 without a head gives its residual stream back, one that classifies does not")
    func gpt2Heads() throws {
        try StateFile.gpt2(prefix: "", architecture: "GPT2Model").expectGroups(Self.layers)
        var file = StateFile.gpt2(architecture: "GPT2ForSequenceClassification")
        file.add("score", [3, 12], isBiased: false)
        try file.expectGroups(Self.layers + [12])
    }

    @Test("a place of a GPT-2 and of a Llama sees no later one", arguments: [StateFile.gpt2(), StateFile.llama()])
    func causality(file: StateFile) throws {
        let network = try file.network()
        let evaluator = try GraphEvaluator(network.graph)
        let parameters = try network.parameters(.float64)
        let results = try [Int64(3), 4].map { last in
            let tokens = Tensor([1, 2, last], shape: [1, 3])
            return try evaluator.evaluate(parameters: parameters, inputs: ["input_ids": tokens], dtype: .float64)[0]
        }
        let difference = (results[0] - results[1]).magnitude
        #expect(difference.narrowed(1, to: 0..<2).sum.item == 0)
        #expect(difference.sum.item > 0.01)
    }

    @Test("a ViT is understood under its old and its new names", arguments: [true, false])
    func vit(isNew: Bool) throws {
        var file = StateFile.vit(isNew: isNew)
        file.add("classifier", [5, 12])
        try file.expectGroups(Self.layers + [12])
        #expect(try file.network().inputShapes["pixel_values"] == [1, 3, 4, 6])
        file = StateFile.vit(isNew: isNew, prefix: "")
        file.add("pooler.dense", [12, 12])
        try file.expectGroups(Self.layers)
    }

    @Test("a Llama permutes keys with their queries, queries of a key, values and neurons, but no turned dimensions")
    func llama() throws {
        var file = StateFile.llama()
        let layers = [2, 3, 4, 10, 2, 3, 4, 10]
        try file.expectGroups(layers)
        file.add("lm_head", [20, 14], isBiased: false)
        try file.expectGroups(layers + [14])
        file.remove("model.embed_tokens.weight")
        try file.expectGroups(layers + [14])
    }

    @Test("a Llama with tied embeddings has a residual stream", arguments: ["linear", "llama3"])
    func tiedLlama(scaling: String) throws {
        let settings = """
            , "tie_word_embeddings": true, "architectures": ["LlamaForCausalLM"], "rope_theta": 500,
            "rope_scaling": {"rope_type": "\(scaling)", "factor": 4}
            """
        try StateFile.llama(prefix: "", settings: settings).expectGroups([2, 3, 4, 10, 2, 3, 4, 10, 14])
    }
}
