import NeuralFunctionals
import Torch
import WeightSpaces

/// One row of the table: a training step that ours and the peers all do.
struct Case: Sendable {
    /// The name on the command line, and of the peers' counterpart.
    let name: String
    /// What is done, in a few words.
    let title: String
    /// Whether the competitors' memory together is more than a machine of 24 GB has.
    var isLarge = false
    /// Ours, set up.
    let workload: @Sendable () throws -> any Workload
    /// The matrix products that the step cannot do without.
    let products: @Sendable () throws -> [Product]

    static let all: [Case] = [
        classify(channels: 64), classify(channels: 512), edit(channels: 128), predict,
        layer("inr", title: "NP layer, INR", widths: inr, channels: 64),
        layer("inr", title: "NP layer, INR", widths: inr, channels: 256),
        layer("mlp", title: "NP layer, 784-128-128-10", widths: [784, 128, 128, 10], channels: 16),
        layer("mlp", title: "NP layer, 784-128-128-10", widths: [784, 128, 128, 10], channels: 64, isLarge: true),
    ]

    private static let inr = [2, 32, 32, 1]
    private static let batch = 32
    private static let frequencies = 128

    private static func classify(channels: Int) -> Case {
        let (depth, head) = (3, [1000, 1000, 10])
        return Case(name: "classify-\(channels)", title: "classify INR, HNP \(depth) × \(channels)") {
            let space = try WeightSpace.mlp(widths: inr)
            var random = RandomSource(seed: 0)
            let trunk = FunctionalConfiguration(
                space: space, fourier: .init(frequencies: frequencies), depth: depth, channels: channels,
                block: .init(isNormalized: false))
            let model = InvariantFunctional(
                .init(trunk: trunk, headWidths: head.dropLast(), headDropout: 0.5, outputs: 10), using: &random)
            let parts = BatchPart.parts(of: batch, largest: model.networksPerPart)
            let networks = Feature.networks(of: space, parts: parts, using: &random)
            let labels = networks.map { networks in
                Tensor((0..<networks.batch).map { _ in Int64.random(in: 0..<10, using: &random) })
            }
            let dropout = random
            return ModelTraining(model, parts: parts, learningRate: 1e-4) { model, part in
                var dropout: RandomSource? = dropout
                return crossEntropy(model(networks[part.number], dropping: &dropout), labels[part.number])
            }
        } products: {
            let spaces = try stack(
                .mlp(widths: inr), channels: Array(repeating: channels, count: depth))
            let pooled = InvariantPooling(spaces[depth]).outputWidth
            return Product.ofLayers(between: spaces, batch: batch, needsInputGradient: false)
                + Product.ofPerceptron(widths: [pooled] + head, batch: batch)
        }
    }

    private static func edit(channels: Int) -> Case {
        let positional = PositionalEncoding.Configuration(bands: 3, maximumFrequency: 3)
        let depth = 3
        return Case(name: "edit-\(channels)", title: "edit INR, NP \(depth + 1) × \(channels)") {
            let space = try WeightSpace.mlp(widths: inr, symmetry: .allNeurons)
            var random = RandomSource(seed: 0)
            let trunk = FunctionalConfiguration(
                space: space, fourier: .init(frequencies: frequencies), positional: positional, depth: depth,
                channels: channels, block: .init(isNormalized: false))
            let model = EquivariantFunctional(.init(trunk: trunk), using: &random)
            let parts = BatchPart.parts(of: batch, largest: model.networksPerPart)
            let networks = Feature.networks(of: space, parts: parts, using: &random)
            let drawing = Drawing(networks, using: &random)
            return ModelTraining(model, parts: parts, learningRate: 1e-3) { model, part in
                drawing.error(of: model(networks[part.number]), in: space, part)
            }
        } products: {
            let spaces = try stack(
                .mlp(widths: inr, symmetry: .allNeurons), positional: positional,
                channels: Array(repeating: channels, count: depth) + [1])
            return Product.ofLayers(between: spaces, batch: batch, needsInputGradient: false)
        }
    }

    private static let predict = {
        let (batch, layers, head) = (8, [16, 16, 5], [1000, 1000, 1])
        let space: @Sendable () throws -> WeightSpace = {
            try .cnn(
                channels: [1, 16, 16, 16], kernels: Array(repeating: [3, 3], count: 3), dense: [10],
                symmetry: .allNeurons)
        }
        return Case(name: "predict-16", title: "predict generalisation, small CNN, NP 16-16-5, batch 8") {
            var random = RandomSource(seed: 0)
            let space = try space()
            let model = NetworkReader(space, channels: layers, headWidths: head, using: &random)
            let parts = BatchPart.parts(of: batch, largest: model.networksPerPart)
            let networks = Feature.networks(of: space, parts: parts, using: &random)
            let accuracies = networks.map { Tensor.uniform(shape: [$0.batch, 1], using: &random) }
            return ModelTraining(model, parts: parts, learningRate: 1e-3) { model, part in
                binaryCrossEntropy(model(networks[part.number]), accuracies[part.number])
            }
        } products: {
            let input = FeatureSpace(try space(), channels: 1)
            let spaces = [PositionalEncoding(input, .init()).outputSpace] + layers.map(input.withChannels)
            let pooled = InvariantPooling(spaces[layers.count]).outputWidth
            return Product.ofLayers(between: spaces, batch: batch, needsInputGradient: false)
                + Product.ofPerceptron(widths: [pooled] + head, batch: batch)
        }
    }()

    private static func layer(
        _ name: String, title: String, widths: [Int], channels: Int, isLarge: Bool = false
    ) -> Case {
        Case(name: "layer-\(name)-\(channels)", title: "\(title), \(channels) channels", isLarge: isLarge) {
            LayerPass(
                over: FeatureSpace(try .mlp(widths: widths, symmetry: .allNeurons), channels: channels), batch: batch)
        } products: {
            let space = FeatureSpace(try .mlp(widths: widths, symmetry: .allNeurons), channels: channels)
            return Product.ofLayers(between: [space, space], batch: batch, needsInputGradient: true)
        }
    }

    /// The features between the layers of a trunk with Fourier features.
    private static func stack(
        _ space: WeightSpace, positional: PositionalEncoding.Configuration = .init(), channels: [Int]
    ) -> [FeatureSpace] {
        let lifted = FeatureSpace(space, channels: 1 + 2 * frequencies)
        return [PositionalEncoding(lifted, positional).outputSpace] + channels.map(lifted.withChannels)
    }
}
