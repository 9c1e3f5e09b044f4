import NeuralFunctionals
import TestSupport
import Testing
import Torch
import WeightSpaces

@Suite(.oneThread) struct FunctionalLawTests {
    @Test("invariant: f(g · U) = f(U)", arguments: SampleSpace.all)
    func isInvariant(sample: SampleSpace) {
        var random = RandomSource(seed: 1)
        let model = SampleFunctional.invariant(sample.space).to(.float64)
        for _ in 0..<5 {
            let networks = sample.feature(channels: 1, using: &random)
            let element = GroupElement.random(of: sample.space.groups, movingOrdered: false, using: &random)
            expectClose(model(element.acting(on: networks)), model(networks), relativeError: 1e-10)
        }
    }

    @Test("equivariant: f(g · U) = g · f(U)", arguments: SampleSpace.all)
    func isEquivariant(sample: SampleSpace) {
        let model = SampleFunctional.equivariant(sample.space).to(.float64)
        expectEquivariant({ model($0) }, on: sample, channels: 1, movingOrdered: false)
    }

    @Test("an uncoupled permutation changes the prediction", arguments: SampleSpace.all.filter(\.hasWideGroup))
    func noticesUncoupledPermutation(sample: SampleSpace) {
        var random = RandomSource(seed: 2)
        let model = SampleFunctional.invariant(sample.space).to(.float64)
        let networks = sample.feature(channels: 1, using: &random)
        #expect(relativeError(model(sample.withUncoupledPermutation(networks)), model(networks)) > 1e-3)
    }

    @Test("moving inputs or outputs changes the prediction", arguments: SampleSpace.all.filter(\.hasOrderedGroup))
    func noticesOrder(sample: SampleSpace) {
        var random = RandomSource(seed: 3)
        let model = SampleFunctional.invariant(sample.space).to(.float64)
        let networks = sample.feature(channels: 1, using: &random)
        let element = GroupElement(
            sample.space.groups.map { group in
                group.isOrdered ? Permutation((0..<group.size).reversed()) : .identity(group.size)
            })
        #expect(relativeError(model(element.acting(on: networks)), model(networks)) > 1e-3)
    }

    /// What surrounds the layer that reads Fourier features.
    struct Reader: Sendable, CustomTestStringConvertible {
        var activation = Activation.relu
        var isNormalized = false
        var isResidual = false
        var bottleneck: MixingMatrix.Bottleneck?
        var matrixType = DType.float32
        var space: @Sendable () throws -> WeightSpace = { try .mlp(widths: [2, 40, 40, 3]) }
        /// Whether the features of the largest block are never stored.
        var interpolates = true
        /// What float32 loses.
        var error = 2e-5
        let testDescription: String
    }

    static let readers = [
        Reader(testDescription: "plain"),
        Reader(
            space: { try .mlp(widths: [2, 40, 40, 3], symmetry: .allNeurons) }, testDescription: "all neurons"),
        Reader(activation: .gelu, testDescription: "gelu"),
        Reader(isNormalized: true, error: 5e-4, testDescription: "normalised"),
        Reader(isResidual: true, testDescription: "residual"),
        Reader(bottleneck: .init(rank: 2, views: 0), interpolates: false, testDescription: "bottleneck"),
        Reader(matrixType: .bfloat16, error: 0.05, testDescription: "bfloat16"),
        Reader(activation: .gelu, matrixType: .bfloat16, error: 0.05, testDescription: "bfloat16, gelu"),
        Reader(
            space: { try .rnn(inputs: 2, hidden: 40, outputs: 3) }, interpolates: false,
            testDescription: "repeated label"),
    ]

    @Test(
        "in float32, where features are not stored, predictions and gradients are those in float64", arguments: readers)
    func interpolates(reader: Reader) throws {
        let sample = SampleSpace("", try reader.space())
        var random = RandomSource(seed: 8)
        var trunk = SampleFunctional.trunk(sample.space, activation: reader.activation)
        trunk.fourier = .init(frequencies: 60, scale: 1)
        trunk.block = .init(
            activation: reader.activation, isNormalized: reader.isNormalized, isResidual: reader.isResidual)
        (trunk.bottleneck, trunk.matrixType) = (reader.bottleneck, reader.matrixType)
        let model = InvariantFunctional(.init(trunk: trunk, outputs: 2), using: &random)
        let networks = sample.feature(channels: 1, batch: 8, using: &random).map { $0.to(.float32) }

        func run(_ dtype: DType) -> [Tensor] {
            let variables = model.parameters.map { $0.value.to(dtype).asVariable }
            var model = model.to(dtype)
            model.setParameters(variables)
            let predictions = model(networks.map { $0.to(dtype) })
            return [predictions.detached] + gradients(of: predictions.squared.sum, withRespectTo: variables)
        }
        for (found, expected) in zip(run(.float32), run(.float64)) {
            expectClose(found.to(.float64), expected, relativeError: reader.error)
        }
        let features = 121 * 4 * (networks.blocks.map(\.count).max() ?? 0)
        let counts = OperationCounts.counting { withoutGradients { model(networks) } }.counts
        #expect((counts.allocatedBytes < features) == reader.interpolates)

        let element = GroupElement.random(of: sample.space.groups, movingOrdered: false, using: &random)
        expectClose(model(element.acting(on: networks)), model(networks), relativeError: reader.error)
        if reader.matrixType == .float32 {
            #expect(relativeError(model(sample.withUncoupledPermutation(networks)), model(networks)) > 1e-3)
        }
    }

    @Test(
        "matrices stored as bfloat16 change predictions by no more than their rounding", arguments: SampleSpace.all,
        [Activation.relu, .gelu])
    func roundsMatrices(sample: SampleSpace, activation: Activation) {
        var random = RandomSource(seed: 7)
        let exact = SampleFunctional.invariant(sample.space, activation: activation)
        var configuration = exact.configuration
        configuration.trunk.matrixType = .bfloat16
        var rounded = InvariantFunctional(configuration, using: &random)
        rounded.setParameters(exact.parameters.map(\.value))
        var buffers = exact.state.dropFirst(exact.parameters.count).map(\.value)[...]
        rounded.visitBuffers { _, buffer in buffer = buffers.removeFirst() }
        let networks = sample.feature(channels: 1, using: &random).map { $0.to(.float32) }
        let prediction = rounded(networks)
        #expect(prediction.dtype == .float32)
        expectClose(prediction, exact(networks), relativeError: 0.05)
        let hasMatrices = sample.space.blocks.contains { $0.groups.count > 1 }
        #expect((relativeError(prediction, exact(networks)) > 0) == hasMatrices)
        // In float64 nothing is rounded.
        let wide = networks.map { $0.to(.float64) }
        expectClose(rounded.to(.float64)(wide), exact.to(.float64)(wide), relativeError: 0)
    }

    @Test("gradients of an invariant functional are central differences")
    func gradientsMatch() throws {
        let sample = try SampleSpace("MLP 2-3-2", .mlp(widths: [2, 3, 2]))
        var random = RandomSource(seed: 4)
        let model = SampleFunctional.invariant(sample.space, activation: .tanh).to(.float64)
        let networks = sample.feature(channels: 1, using: &random)
        expectGradientsMatchCentralDifferences(
            of: { tensors in
                var model = model
                model.setParameters(Array(tensors.dropFirst(networks.blocks.count)))
                let input = Feature(Array(tensors.prefix(networks.blocks.count)), over: networks.space)
                return model(input).squared.sum
            }, at: networks.blocks + model.parameters.map(\.value), relativeError: 1e-6)
    }

    @Test("edits are in proportion to the scale and to the deviations of the training networks")
    func scalesEdits() throws {
        let space = try WeightSpace.mlp(widths: [2, 4, 3])
        var random = RandomSource(seed: 6)
        let training = SampleSpace("", space).feature(channels: 1, batch: 20, using: &random)
        func edits(scale: Double, spread: Double) -> Feature {
            var random = RandomSource(seed: 7)
            var model = EquivariantFunctional(
                .init(trunk: SampleFunctional.trunk(space), initialScale: scale), using: &random
            ).to(.float64)
            model.fitNormalization(to: training.map { $0 * spread })
            let networks = training.map { $0 * spread }
            return model(networks) + networks.map { -$0 }
        }
        let edit = edits(scale: 0.1, spread: 1)
        #expect(relativeError(edits(scale: 0, spread: 1), edit.map { $0 * 0 }) == 0)
        #expect(relativeError(edits(scale: 0.2, spread: 1), edit.map { $0 * 2 }) < 1e-6)
        #expect(relativeError(edits(scale: 0.1, spread: 4), edit.map { $0 * 4 }) < 1e-6)
    }

    @Test("dropout changes the prediction in training only")
    func dropsInTraining() throws {
        let space = try WeightSpace.mlp(widths: [2, 5, 1])
        var (random, none) = (RandomSource(seed: 5), RandomSource?.none)
        var trunk = SampleFunctional.trunk(space)
        trunk.block.dropout = 0.5
        let model = InvariantFunctional(.init(trunk: trunk, outputs: 1), using: &random)
        let networks = SampleSpace("", space).feature(channels: 1, using: &random).map { $0.to(.float32) }
        var source: RandomSource? = random
        #expect(relativeError(model(networks, dropping: &none), model(networks)) == 0)
        #expect(relativeError(model(networks, dropping: &source), model(networks)) > 1e-3)
    }
}
