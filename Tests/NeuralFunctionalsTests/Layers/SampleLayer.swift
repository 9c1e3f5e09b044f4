import NeuralFunctionals
import TestSupport
import Testing
import Torch

/// A layer of each kind that maps features to features, with random parameters in float64.
enum SampleLayer: String, CaseIterable, CustomTestStringConvertible {
    case equivariantLinear, channelMixing, channelNorm, fourierFeatures, positionalEncoding, learnedScale
    case inputNormalization, logarithmicNormalization, plainBlock, residualBlock

    var testDescription: String { rawValue }

    func callAsFunction(over space: FeatureSpace) -> any FeatureLayer {
        var random = RandomSource(seed: 11)
        let layer = make(over: space, using: &random)
        return layer.mapParameters { $0 + .normal(shape: $0.shape, using: &random) }.to(.float64)
    }

    private func make(over space: FeatureSpace, using random: inout RandomSource) -> any FeatureLayer {
        let channels = space.blocks[0].channels
        switch self {
        case .equivariantLinear:
            return EquivariantLinear(from: space, to: space.withChannels(channels + 1), using: &random)
        case .channelMixing:
            return ChannelMixing(space, channels: channels + 1, using: &random)
        case .channelNorm:
            return ChannelNorm(space)
        case .fourierFeatures:
            return FourierFeatures(space, .init(frequencies: 4, scale: 1), using: &random)
        case .positionalEncoding:
            return PositionalEncoding(space, .init(bands: 2, maximumFrequency: 6))
        case .learnedScale:
            return LearnedScale(space)
        case .inputNormalization, .logarithmicNormalization:
            var layer = InputNormalization(space, self == .inputNormalization ? .standard : .logarithmic)
            let sample = space.blocks.map { Tensor.normal(shape: space.shape(of: $0, batch: 3), using: &random) }
            layer.fit(to: Feature(sample.map { $0 * 3 + 2 }, over: space))
            return layer
        case .plainBlock:
            return EquivariantBlock(
                from: space, to: space.withChannels(channels + 1), .init(activation: .gelu), using: &random)
        case .residualBlock:
            return EquivariantBlock(
                from: space, to: space, .init(activation: .silu, isResidual: true, dropout: 0.5), using: &random)
        }
    }
}

extension SampleSpace {
    /// Whether an element of the group can move anything.
    var hasWideGroup: Bool { space.groups.contains { $0.size > 1 } }

    /// Whether the space has ordered neurons, two or more.
    var hasOrderedGroup: Bool { space.groups.contains { $0.isOrdered && $0.size > 1 } }

    /// A feature whose first axis without an order was rotated in one block only, which no element of the group does.
    func withUncoupledPermutation(_ feature: Feature) -> Feature {
        var blocks = feature.blocks
        for (index, block) in feature.space.blocks.enumerated() {
            for (axis, group) in block.groups.enumerated()
            where space.groups[group].size > 1 && !space.groups[group].isOrdered {
                blocks[index] = blocks[index].gathered(axis + 1, at: (1..<space.groups[group].size) + [0])
                return Feature(blocks, over: feature.space)
            }
        }
        return feature
    }
}
