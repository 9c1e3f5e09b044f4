import Foundation
import Graphs
import Torch
import WeightSpaces

extension WeightSpace {
    /// The weight space of a small GPT-2 of width 64 with 4 heads, derived from a checkpoint as for any file; its 128 tokens
    /// and 128 places are an ordered group.
    static func transformer(blocks: Int) throws -> WeightSpace {
        let folder = FileManager.default.temporaryDirectory.appending(path: "bench-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let width = 64
        var shapes = ["wte.weight": [128, width], "wpe.weight": [128, width]]
        func norm(_ name: String) {
            shapes["\(name).weight"] = [width]
            shapes["\(name).bias"] = [width]
        }
        func dense(_ name: String, _ inputs: Int, _ outputs: Int) {
            shapes["\(name).weight"] = [inputs, outputs]
            shapes["\(name).bias"] = [outputs]
        }
        for block in 0..<blocks {
            norm("h.\(block).ln_1")
            dense("h.\(block).attn.c_attn", width, 3 * width)
            dense("h.\(block).attn.c_proj", width, width)
            norm("h.\(block).ln_2")
            dense("h.\(block).mlp.c_fc", width, 4 * width)
            dense("h.\(block).mlp.c_proj", 4 * width, width)
        }
        norm("ln_f")
        let weights = folder.appending(path: "model.safetensors")
        try SafetensorsFile.write(
            shapes.sorted { $0.key < $1.key }.map { StoredTensor(name: $0.key, Tensor.zeros($0.value)) }, to: weights)
        let configuration = #"{"model_type": "gpt2", "architectures": ["GPT2LMHeadModel"], "n_head": 4}"#
        try Data(configuration.utf8).write(to: folder.appending(path: "config.json"))
        return try Network(weights).symmetries().space.sharingFixedAxes()
    }
}
