import NeuralFunctionals
import TestSupport
import Testing
import Torch
import WeightSpaces

@Suite(.oneThread) struct InvariantPoolingTests {
    @Test("f(g · x) = f(x)", arguments: SampleSpace.all, [true, false])
    func isInvariant(sample: SampleSpace, keepsFixedAxes: Bool) {
        var random = RandomSource(seed: 1)
        let pooling = InvariantPooling(FeatureSpace(sample.space, channels: 3), keepsFixedAxes: keepsFixedAxes)
        for _ in 0..<5 {
            let feature = sample.feature(channels: 3, using: &random)
            let element = GroupElement.random(of: sample.space.groups, using: &random)
            let pooled = pooling(feature)
            #expect(pooled.shape == [2, pooling.outputWidth])
            expectClose(pooling(element.acting(on: feature)), pooled, relativeError: 1e-10)
        }
    }

    @Test("without fixed axes, a block is averaged over all of its positions, channel by channel")
    func averages() throws {
        let space = try WeightSpace.cnn(
            channels: [2, 3], kernels: [[2, 2]], dense: [4], readout: .flatten(positions: 5))
        var random = RandomSource(seed: 2)
        let feature = SampleSpace("", space).feature(channels: 3, using: &random)
        let means = feature.blocks.map { $0.reshaped([feature.batch, -1, 3]).mean([1]) }
        let pooled = InvariantPooling(feature.space, keepsFixedAxes: false)(feature)
        expectClose(pooled, concatenate(means, axis: 1), relativeError: 1e-12)
    }

    @Test("the mean over a diagonal is pooled beside the mean over all entries")
    func poolsDiagonals() throws {
        let space = try WeightSpace(
            groups: [PermutationGroup("h", size: 2)],
            blocks: [Block(parameter: "square", shape: [2, 2], axes: [.permuted(0), .permuted(0)])])
        let feature = try Feature(networks: ["square": Tensor([1.0, 2, 4, 9], shape: [1, 2, 2])], of: space)
        #expect(InvariantPooling(feature.space)(feature).elements().sorted() == [4.0, 5.0])
    }
}
