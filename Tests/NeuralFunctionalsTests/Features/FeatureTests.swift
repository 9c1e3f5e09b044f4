import NeuralFunctionals
import TestSupport
import Testing
import Torch
import WeightSpaces

@Suite(.oneThread) struct FeatureTests {
    /// A batch of random networks.
    private func networks(_ space: WeightSpace, using random: inout RandomSource) -> [String: Tensor] {
        var result: [String: Tensor] = [:]
        for block in space.blocks {
            result[block.parameter] = .normal(shape: [2] + block.shape, dtype: .float64, using: &random)
        }
        return result
    }

    @Test("the feature of a permuted network is the permuted feature", arguments: SampleSpace.all)
    func actionsAgree(sample: SampleSpace) throws {
        var random = RandomSource(seed: 1)
        let networks = networks(sample.space, using: &random)
        let element = GroupElement.random(of: sample.space.groups, using: &random)
        let moved = try Feature(networks: element.acting(on: networks, in: sample.space), of: sample.space)
        #expect(relativeError(moved, element.acting(on: try Feature(networks: networks, of: sample.space))) == 0)
    }

    @Test("a feature with one channel turns back into the networks", arguments: SampleSpace.all)
    func isStoredAgain(sample: SampleSpace) throws {
        var random = RandomSource(seed: 2)
        let networks = networks(sample.space, using: &random)
        let stored = try Feature(networks: networks, of: sample.space).stored(in: sample.space)
        for (block, tensor) in zip(sample.space.blocks, stored) {
            expectClose(tensor, try #require(networks[block.parameter]), relativeError: 0)
        }
    }

    @Test("a missing parameter and a wrong shape are refused by name")
    func refusesOtherNetworks() throws {
        let space = try WeightSpace.mlp(widths: [2, 3, 1])
        var random = RandomSource(seed: 3)
        var networks = networks(space, using: &random)
        networks["1.weight"] = .zeros([2, 1, 4], dtype: .float64)
        #expect(throws: WeightSpaceError.shape("1.weight", expected: [1, 3], found: [2, 1, 4])) {
            try Feature(networks: networks, of: space)
        }
        networks["1.weight"] = .zeros([5, 1, 3], dtype: .float64)
        #expect(throws: WeightSpaceError.shape("1.weight", expected: [2, 1, 3], found: [5, 1, 3])) {
            try Feature(networks: networks, of: space)
        }
        networks["1.weight"] = nil
        #expect(
            throws: WeightSpaceError.missingParameter("1.weight", found: ["0.bias", "0.weight", "1.bias"])
        ) { try Feature(networks: networks, of: space) }
    }

    @Test("an array of another shape traps with the block's name")
    func otherShapeTraps() async throws {
        let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
            let space = FeatureSpace(SampleSpace.all[0].space, channels: 1)
            _ = Feature(space.blocks.map { _ in .zeros([1, 2]) }, over: space)
        }
        #expect(try #require(result).standardErrorText.contains("0.weight: expected [1, 5, 2], got [1, 2]"))
    }
}
