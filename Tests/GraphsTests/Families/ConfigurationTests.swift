import Foundation
import TestSupport
import Testing
import Torch
import WeightSpaces

@testable import Graphs

@Suite("Configurations of transformers", .oneThread)
struct ConfigurationTests {
    @Test("without a configuration, the message says what is missing")
    func missing() {
        for (file, what) in [
            (StateFile.bert(), "a BERT, but names and shapes do not say the number of heads"),
            (.gpt2(), "a GPT-2"), (.llama(), "the numbers of heads"), (.vit(isNew: true), "the size of pictures"),
        ] {
            var file = file
            file.configuration = nil
            file.expectRefusal(what)
            file.expectRefusal("config.json")
        }
    }

    @Test(
        "a configuration that does not fit the weights, or is out of bounds, is refused",
        arguments: [
            (#"{"model_type": "roberta"}"#, "found roberta"), ("[1]", "no JSON object"), ("{", "no JSON object"),
            (#"{"model_type": "bert"}"#, "expected a whole number as 'num_attention_heads', found nothing"),
            (#"{"model_type": "bert", "num_attention_heads": 0}"#, "from 1 to 12"),
            (#"{"model_type": "bert", "num_attention_heads": 5}"#, "divides 12"),
            (#"{"model_type": "bert", "num_attention_heads": -9223372036854775808}"#, "from 1 to 12"),
            (#"{"model_type": "bert", "num_attention_heads": 1e300}"#, "from 1 to 12"),
            (#"{"model_type": "bert", "num_attention_heads": 3.5}"#, "from 1 to 12"),
            (#"{"model_type": "bert", "num_attention_heads": true}"#, "found true"),
            (#"{"model_type": "bert", "num_attention_heads": 3, "num_hidden_layers": 900000000}"#, "of 2 layers"),
            (#"{"model_type": "bert", "num_attention_heads": 3, "layer_norm_eps": -1}"#, "layer_norm_eps"),
            (#"{"model_type": "bert", "num_attention_heads": 3, "hidden_act": "sine"}"#, "found 'sine'"),
            (#"{"model_type": "bert", "position_embedding_type": "relative_key"}"#, "expected absolute"),
        ])
    func unfit(configuration: String, reason: String) {
        var file = StateFile.bert()
        file.configuration = configuration
        file.expectRefusal(reason)
    }

    @Test("a configuration lies in the folder of the weights, whether they are one file or several")
    func folders() throws {
        let file = StateFile.gpt2()
        try withTemporaryFolder { folder in
            let tensors = file.shapes.map { StoredTensor(name: $0.name, Tensor.ones($0.shape)) }
            let shards = [tensors.prefix(5), tensors.dropFirst(5)]
            for (number, shard) in shards.enumerated() {
                try SafetensorsFile.write(Array(shard), to: folder.appending(path: "\(number).safetensors"))
            }
            let places = shards.enumerated().flatMap { number, shard in
                shard.map { #""\#($0.name)": "\#(number).safetensors""# }
            }
            let index = folder.appending(path: "model.safetensors.index.json")
            try Data(#"{"weight_map": {\#(places.joined(separator: ", "))}}"#.utf8).write(to: index)
            #expect(throws: FamilyError.self) { try Network(folder) }
            try Data(#require(file.configuration).utf8).write(to: folder.appending(path: "config.json"))
            #expect(try Network(folder).graph.parameters.count == tensors.count)
            #expect(try Network(index).graph.parameters.count == tensors.count)
            try FileManager.default.removeItem(at: index)
            try SafetensorsFile.write(tensors, to: folder.appending(path: "model.safetensors"))
            #expect(try Network(folder).graph.parameters.count == tensors.count)
        }
    }

    @Test(
        "numbers of heads of a Llama are checked",
        arguments: [
            (6, 4, "divides the 6 heads"), (6, 0, "from 1 to 6"), (6, 3, "has the shape [8, 14], not [12, 14]"),
            (8, 8, "an even size"),
        ])
    func heads(heads: Int, keyHeads: Int, reason: String) {
        StateFile.llama(heads: #""num_attention_heads": \#(heads), "num_key_value_heads": \#(keyHeads)"#)
            .expectRefusal(reason)
    }

    @Test(
        "settings of a Llama are checked",
        arguments: [
            (#", "head_dim": 8"#, "from 4 to 4"), (#", "rope_theta": 0.5"#, "rope_theta"),
            (#", "rope_scaling": {"rope_type": "yarn"}"#, "expected default, linear or llama3"),
            (#", "rope_scaling": {"type": "linear", "factor": 0}"#, "factor"), (#", "rope_scaling": 3"#, "an object"),
        ])
    func llama(settings: String, reason: String) {
        StateFile.llama(settings: settings).expectRefusal(reason)
    }

    @Test(
        "a ViT's pictures have as many patches as positions are stored",
        arguments: ["4", "[4, 8]", "[4, 6, 2]", "1e9", "[0, 6]", "\"4\""])
    func pictures(size: String) {
        var file = StateFile.vit(isNew: false)
        file.configuration = #"{"model_type": "vit", "num_attention_heads": 3, "image_size": \#(size)}"#
        file.expectRefusal("'image_size'")
    }

    @Test("a transformer with parameters missing, left over or of other shapes is refused")
    func parameters() {
        var file = StateFile.bert()
        file.remove("bert.encoder.layer.1.output.dense.weight")
        file.expectRefusal("it looks like a BERT, but has no 'bert.encoder.layer.1.output.dense.weight'")
        file = .gpt2()
        file.add("transformer.h.0.crossattention.q_attn", [12, 12])
        file.expectRefusal("2 of its tensors have no place there: 'transformer.h.0.crossattention.q_attn")
        file = .llama()
        file.replace("model.layers.1.mlp.up_proj.weight", [11, 14])
        file.expectRefusal("'model.layers.1.mlp.up_proj.weight' has the shape [11, 14], not [10, 14]")
        file = .vit(isNew: true)
        file.replace("vit.embeddings.cls_token", [1, 2, 12])
        file.expectRefusal("'vit.embeddings.cls_token' has the shape [1, 2, 12], not [1, 1, 12]")
        file.replace("vit.embeddings.position_embeddings", [1, 0, 12])
        file.expectRefusal("expected 3 axes")
    }
}
