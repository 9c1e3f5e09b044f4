import NeuralFunctionals
import TestSupport
import Torch
import WeightSpaces

/// Small functionals with random parameters in float32.
enum SampleFunctional {
    static func trunk(_ space: WeightSpace, activation: Activation = .gelu) -> FunctionalConfiguration {
        FunctionalConfiguration(
            space: space, fourier: .init(frequencies: 3, scale: 0.3), positional: .init(bands: 2), depth: 2,
            channels: 4, matrixChannels: 3, block: .init(activation: activation))
    }

    static func invariant(_ space: WeightSpace, activation: Activation = .gelu) -> InvariantFunctional {
        var random = RandomSource(seed: 21)
        let configuration = InvariantFunctional.Configuration(
            trunk: trunk(space, activation: activation), headWidths: [5], outputs: 2)
        var model = InvariantFunctional(configuration, using: &random)
        model.fitNormalization(to: networks(space))
        return model
    }

    static func equivariant(_ space: WeightSpace) -> EquivariantFunctional {
        var random = RandomSource(seed: 22)
        var model = EquivariantFunctional(.init(trunk: trunk(space), initialScale: 0.5), using: &random)
        model.fitNormalization(to: networks(space))
        return model
    }

    /// Networks with mean one and deviation two, so that buffers matter.
    private static func networks(_ space: WeightSpace) -> Feature {
        var random = RandomSource(seed: 23)
        return SampleSpace("", space).feature(channels: 1, batch: 8, using: &random).map { $0 * 2 + 1 }
    }
}
