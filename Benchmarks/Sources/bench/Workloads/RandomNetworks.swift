import NeuralFunctionals
import Torch
import WeightSpaces

extension Feature {
    /// Independent normal values of deviation a quarter.
    static func random(over space: FeatureSpace, batch: Int, using random: inout RandomSource) -> Feature {
        Feature(
            space.blocks.map { .normal(shape: space.shape(of: $0, batch: batch), using: &random) * 0.25 },
            over: space)
    }

    /// Random networks for every part of a batch.
    static func networks(of space: WeightSpace, parts: [BatchPart], using random: inout RandomSource) -> [Feature] {
        parts.map { .random(over: FeatureSpace(space, channels: 1), batch: $0.samples.count, using: &random) }
    }
}
