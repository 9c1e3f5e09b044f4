import Foundation
import TestSupport
import Testing
import Torch
import WeightSpaces
import Zoo

@testable import Experiments

/// Zoos of networks whose parameters are cut into parts with axes of different kinds.
@Suite(.oneThread) struct TransformerPopulationTests {
    /// What is stored of a network, and what `config.json` says beside it.
    private struct Model {
        var configuration: String
        var shapes: [(name: String, shape: [Int])] = []

        mutating func add(_ name: String, _ weight: [Int], bias: Int? = nil) {
            shapes.append(("\(name).weight", weight))
            if let bias { shapes.append(("\(name).bias", [bias])) }
        }

        /// Queries, keys and values are one parameter.
        static func gpt2(width: Int, layers: Int) -> Model {
            var model = Model(
                configuration: #"{"model_type": "gpt2", "n_head": 2, "architectures": ["GPT2LMHeadModel"]}"#)
            model.add("transformer.wte", [9, width])
            model.add("transformer.wpe", [5, width])
            for layer in 0..<layers {
                let block = "transformer.h.\(layer)"
                model.add("\(block).ln_1", [width], bias: width)
                model.add("\(block).attn.c_attn", [width, 3 * width], bias: 3 * width)
                model.add("\(block).attn.c_proj", [width, width], bias: width)
                model.add("\(block).ln_2", [width], bias: width)
                model.add("\(block).mlp.c_fc", [width, 7], bias: 7)
                model.add("\(block).mlp.c_proj", [7, width], bias: width)
            }
            model.add("transformer.ln_f", [width], bias: width)
            return model
        }

        static func llama(width: Int, layers: Int) -> Model {
            var model = Model(
                configuration: #"{"model_type": "llama", "num_attention_heads": 4, "num_key_value_heads": 2}"#)
            model.add("model.embed_tokens", [9, width])
            for layer in 0..<layers {
                let block = "model.layers.\(layer)"
                model.add("\(block).input_layernorm", [width])
                for (name, outputs) in [("q", width), ("k", width / 2), ("v", width / 2)] {
                    model.add("\(block).self_attn.\(name)_proj", [outputs, width])
                }
                model.add("\(block).self_attn.o_proj", [width, width])
                model.add("\(block).post_attention_layernorm", [width])
                for name in ["gate", "up"] { model.add("\(block).mlp.\(name)_proj", [7, width]) }
                model.add("\(block).mlp.down_proj", [width, 7])
            }
            model.add("model.norm", [width])
            return model
        }

        /// Writes random weights of a deviation into a folder of their own.
        func write(in folder: URL, deviation: Double, using random: inout RandomSource) throws {
            try Folder.create(folder)
            let tensors = shapes.map {
                StoredTensor(name: $0.name, .normal(shape: $0.shape, using: &random) * deviation)
            }
            try SafetensorsFile.write(tensors, to: folder.appending(path: "model.safetensors"))
            try Data(configuration.utf8).write(to: folder.appending(path: "config.json"))
        }
    }

    @Test("a zoo of decoders is learned from; predictions do not depend on the order of neurons, only on weights")
    func learnsFromDecoders() throws {
        try withTemporaryFolder { folder in
            var random = RandomSource(seed: 1)
            let networks = folder.appending(path: "networks")
            try Folder.create(networks)
            var labels = "file,y\n"
            for number in 0..<24 {
                let deviation = Double.random(in: 0.2...1, using: &random)
                let (width, layers) = ([8, 16][number % 2], [1, 2][number / 2 % 2])
                let model: Model =
                    number % 3 == 0 ? .llama(width: width, layers: layers) : .gpt2(width: width, layers: layers)
                try model.write(in: networks.appending(path: "n\(number)"), deviation: deviation, using: &random)
                labels += "n\(number)/model.safetensors,\(deviation)\n"
            }
            try Data(labels.utf8).write(to: folder.appending(path: "labels.csv"))
            let target = folder.appending(path: "zoo")
            try ZooImporting(from: networks, labels: folder.appending(path: "labels.csv"), in: target).run()
            let population = try WeightPopulation(
                Zoo(contentsOf: target), target: "y", where: nil, split: .init(validation: 0.2, test: 0.2))
            #expect(population.stacks.count == 8)

            let options = TrainingOptions(steps: 20, batch: 8, learningRate: 5e-3, warmUp: 5, validationInterval: 10)
            let study = folder.appending(path: "study")
            _ = try GeneralisationStudy(
                of: population, .init(networks: "decoders", target: "y", recipe: "", command: ""),
                plan: .init(
                    trunk: .init(depth: 2, channels: 8, matrixChannels: 4), functional: options, perceptrons: options),
                in: study
            ).run()
            let predictor = try GeneralisationPredictor(of: study)
            var predictions: [Double] = []
            for number in 0..<6 {
                let network = networks.appending(path: "n\(number)")
                let file = try SafetensorsFile(network.appending(path: "model.safetensors"))
                let space = try NetworkArchitecture(of: file).space
                #expect(space.blocks.contains { $0.slice != nil } == (number % 3 != 0))
                let element = GroupElement.random(of: space.groups, movingOrdered: false, using: &random)
                let moved = network.appending(path: "moved.safetensors")
                try file.write(to: moved, permutedBy: element, in: space)
                let prediction = try predictor.prediction(of: file, activation: nil)
                let other = try predictor.prediction(of: SafetensorsFile(moved), activation: nil)
                #expect(abs(prediction - other) <= 1e-5 * max(abs(prediction), 1))
                predictions.append(prediction)
            }
            #expect(Set(predictions).count == 6)
        }
    }
}
