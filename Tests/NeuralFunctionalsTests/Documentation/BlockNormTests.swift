import NeuralFunctionals
import TestSupport
import Testing
import Torch

/// The tests of the article "Writing a layer".
@Suite(.oneThread) struct BlockNormTests {
    @Test("f(g · x) = g · f(x)", arguments: SampleSpace.all)
    func commutesWithPermutations(sample: SampleSpace) {
        let layer = BlockNorm(FeatureSpace(sample.space, channels: 3)).to(.float64)
        expectEquivariant(layer.callAsFunction, on: sample, channels: 3)
    }

    @Test("a layer that tells neurons apart fails the helper", arguments: SampleSpace.all.prefix(2))
    func noticesBrokenLayer(sample: SampleSpace) {
        let layer = BlockNorm(FeatureSpace(sample.space, channels: 3)).to(.float64)
        let error = equivarianceError(of: { firstNeuronDoubled(layer($0)) }, on: sample, channels: 3)
        #expect(error > 1e-3)
    }

    @Test("gradients are central differences", arguments: SampleSpace.all.prefix(2))
    func gradientsMatch(sample: SampleSpace) {
        var random = RandomSource(seed: 5)
        let layer = BlockNorm(FeatureSpace(sample.space, channels: 2)).to(.float64)
        let feature = sample.feature(channels: 2, using: &random)
        let probe = sample.feature(channels: 2, using: &random)
        let count = feature.blocks.count
        expectGradientsMatchCentralDifferences(
            of: { inputs in
                var layer = layer
                layer.setParameters(Array(inputs[count...]))
                let output = layer(Feature(Array(inputs[..<count]), over: feature.space))
                return zip(output.blocks, probe.blocks).map { ($0 * $1).sum }.reduce(Tensor([0.0], shape: []), +)
            }, at: feature.blocks + layer.parameters.map(\.value))
    }

    private func firstNeuronDoubled(_ feature: Feature) -> Feature {
        feature.map { x in
            guard x.rank > 2, x.size(1) > 1 else { return x }
            return concatenate([x.narrowed(1, to: 0..<1) * 2, x.narrowed(1, to: 1..<x.size(1))], axis: 1)
        }
    }
}
