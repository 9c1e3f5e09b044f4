public import NeuralFunctionals
public import Testing
public import Torch
public import WeightSpaces

/// A weight space to test laws over.
public struct SampleSpace: Sendable, CustomTestStringConvertible {
    public let name: String
    public let space: WeightSpace

    public var testDescription: String { name }

    /// Distinct widths, width one, one hidden layer, kernels, flattening, no biases, repeated and threefold labels.
    public static let all: [SampleSpace] = {
        do {
            return try [
                SampleSpace("MLP 2-5-4-3", .mlp(widths: [2, 5, 4, 3])),
                SampleSpace("MLP 2-5-4-3, all neurons", .mlp(widths: [2, 5, 4, 3], symmetry: .allNeurons)),
                SampleSpace("MLP 3-4-2, one hidden layer", .mlp(widths: [3, 4, 2])),
                SampleSpace("MLP 3-2, no hidden layer", .mlp(widths: [3, 2])),
                SampleSpace("MLP 2-1-3-1, width one", .mlp(widths: [2, 1, 3, 1])),
                SampleSpace("MLP 2-4-3-2, no biases", .mlp(widths: [2, 4, 3, 2], hasBiases: false)),
                SampleSpace(
                    "CNN, global pooling", .cnn(channels: [2, 3, 4], kernels: [[3, 2], [1, 3]], dense: [5, 2])),
                SampleSpace(
                    "CNN, flatten",
                    .cnn(
                        channels: [1, 3, 2], kernels: [[2, 2], [3, 3]], dense: [4, 2], readout: .flatten(positions: 6))
                ),
                SampleSpace(
                    "CNN, all neurons",
                    .cnn(channels: [2, 3, 4], kernels: [[3], [2]], dense: [3], symmetry: .allNeurons)),
                SampleSpace("RNN, repeated label", .rnn(inputs: 2, hidden: 4, outputs: 3)),
                SampleSpace(
                    "threefold label",
                    WeightSpace(
                        groups: [PermutationGroup("h", size: 3), PermutationGroup("k", size: 2)],
                        blocks: [
                            Block(
                                parameter: "cube", shape: [3, 2, 3, 3],
                                axes: [.permuted(0), .fixed(2), .permuted(0), .permuted(0)]),
                            Block(
                                parameter: "mixed", shape: [2, 3, 3], axes: [.permuted(1), .permuted(0), .permuted(0)]),
                        ])),
            ]
        } catch {
            preconditionFailure("\(error)")
        }
    }()

    public init(_ name: String, _ space: WeightSpace) {
        self.name = name
        self.space = space
    }

    /// A random feature in float64 with `channels` channels.
    public func feature(channels: Int, batch: Int = 2, using random: inout RandomSource) -> Feature {
        let space = FeatureSpace(space, channels: channels)
        return Feature(
            space.blocks.map { .normal(shape: space.shape(of: $0, batch: batch), dtype: .float64, using: &random) },
            over: space)
    }
}
