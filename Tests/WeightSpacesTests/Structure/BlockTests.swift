import TestSupport
import Testing
import Torch
import WeightSpaces

@Suite(.oneThread) struct BlockTests {
    @Test("stored is the inverse of channels last", arguments: SampleSpace.all)
    func inverts(sample: SampleSpace) {
        var random = RandomSource(seed: 1)
        for block in sample.space.blocks {
            let stored = Tensor.normal(shape: [2] + block.shape, dtype: .float64, using: &random)
            let channelsLast = sample.space.channelsLast(stored, block)
            let permuted = block.groups.map { sample.space.groups[$0].size }
            #expect(channelsLast.shape == [2] + permuted + [block.fixedCount])
            expectClose(sample.space.stored(channelsLast, block), stored, relativeError: 0)
        }
    }

    @Test("permuted axes come first, fixed positions fold in stored order")
    func foldsInStoredOrder() throws {
        let space = try WeightSpace(
            groups: [PermutationGroup("a", size: 2), PermutationGroup("b", size: 3)],
            blocks: [
                Block(
                    parameter: "w", shape: [4, 6, 5],
                    axes: [.fixed(4), .permuted(1), .fixed(2), .fixed(5)]),
                Block(parameter: "v", shape: [3, 2], axes: [.permuted(1), .permuted(0)]),
            ])
        let stored = Tensor((0..<120).map(Double.init), shape: [1, 4, 6, 5])
        let channelsLast: [Double] = space.channelsLast(stored, space.blocks[0]).elements()
        for b in 0..<3 {
            for o in 0..<4 {
                for p in 0..<2 {
                    for k in 0..<5 {
                        let expected = ((o * 3 + b) * 2 + p) * 5 + k
                        #expect(channelsLast[b * 40 + (o * 2 + p) * 5 + k] == Double(expected))
                    }
                }
            }
        }
        let matrix = Tensor((0..<6).map(Double.init), shape: [1, 3, 2])
        #expect(space.channelsLast(matrix, space.blocks[1]).elements() == (0..<6).map(Double.init))
    }
}
