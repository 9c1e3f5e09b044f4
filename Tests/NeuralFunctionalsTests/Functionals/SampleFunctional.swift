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
        return fitted(InvariantFunctional(configuration, using: &random)) { $0.fitNormalization(to: $1) }
    }

    static func equivariant(_ space: WeightSpace) -> EquivariantFunctional {
        var random = RandomSource(seed: 22)
        return fitted(
            EquivariantFunctional(.init(trunk: trunk(space), initialScale: 0.5), using: &random)
        ) { $0.fitNormalization(to: $1) }
    }

    /// Normalises for networks with mean one and deviation two, so that buffers matter.
    private static func fitted<Model: Functional>(_ model: Model, _ fit: (inout Model, Feature) -> Void) -> Model {
        var (model, random) = (model, RandomSource(seed: 23))
        fit(&model, SampleSpace("", model.space).feature(channels: 1, batch: 8, using: &random).map { $0 * 2 + 1 })
        return model
    }
}
