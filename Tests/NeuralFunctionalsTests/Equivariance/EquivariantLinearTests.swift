import NeuralFunctionals
import TestSupport
import Testing
import Torch
import WeightSpaces

@Suite struct EquivariantLinearTests {
    private func layer(_ sample: SampleSpace, from input: Int = 3, to output: Int = 2) -> EquivariantLinear {
        var random = RandomSource(seed: 7)
        return EquivariantLinear(
            from: FeatureSpace(sample.space, channels: input), to: FeatureSpace(sample.space, channels: output),
            using: &random
        ).to(.float64)
    }

    @Test("f(g · x) = g · f(x)", arguments: SampleSpace.all)
    func commutesWithPermutations(sample: SampleSpace) {
        expectEquivariant(layer(sample).callAsFunction, on: sample, channels: 3)
    }

    @Test("the layer tells a permutation outside the group", arguments: SampleSpace.all.filter { $0.hasWideGroup })
    func noticesUncoupledPermutation(sample: SampleSpace) {
        var random = RandomSource(seed: 3)
        let layer = layer(sample)
        let feature = sample.feature(channels: 3, using: &random)
        var blocks = feature.blocks
        let index = feature.space.blocks.firstIndex { $0.groups.contains { sample.space.groups[$0].size > 1 } } ?? 0
        let axis = feature.space.blocks[index].groups.firstIndex { sample.space.groups[$0].size > 1 } ?? 0
        let size = blocks[index].size(axis + 1)
        blocks[index] = blocks[index].gathered(axis + 1, at: (1..<size) + [0])
        let moved = Feature(blocks, over: feature.space)
        #expect(relativeError(layer(moved), layer(feature)) > 1e-3)
    }
}

extension SampleSpace {
    fileprivate var hasWideGroup: Bool { space.groups.contains { $0.size > 1 } }
}
