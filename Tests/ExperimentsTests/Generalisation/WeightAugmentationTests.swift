import NeuralFunctionals
import TestSupport
import Testing
import Torch

@testable import Experiments

@Suite(.oneThread) struct WeightAugmentationTests {
    private let networks: Feature

    init() throws {
        let sample = try SamplePopulation(count: 200)
        networks = try sample.population(targets: sample.norms).groups(at: Array(0..<200))[0].networks
    }

    private func changed(_ augmentation: WeightAugmentation, seed: UInt64 = 0) -> [Tensor] {
        var random = RandomSource(seed: seed)
        return augmentation(networks, using: &random).blocks
    }

    @Test("nothing changes unless it is asked for")
    func off() {
        #expect(zip(changed(WeightAugmentation()), networks.blocks).allSatisfy { $0.isEqual(to: $1) })
    }

    @Test("noise is as large as the weights of its parameter in each network, however large these are")
    func noise() {
        let blocks = changed(WeightAugmentation(noise: 0.1))
        for (block, changed) in zip(networks.blocks, blocks) {
            let (weights, added) = (block.reshaped([200, -1]), (changed - block).reshaped([200, -1]))
            let ratios = added.squared.mean([1]) / weights.squared.mean([1])
            #expect(abs(sqrt(ratios.mean).item / 0.1 - 1) < 0.12)
            // Of n normal numbers the mean square has the deviation √(2 / n).
            let spread = (ratios / 0.01 - 1).squared.mean.item / (2 / Double(weights.size(1)))
            #expect(0.5 < spread && spread < 1.6, "\(spread)")
        }
        #expect(!blocks[0].isEqual(to: changed(WeightAugmentation(noise: 0.1), seed: 1)[0]))
    }

    @Test("a parameter of zeros stays as it is")
    func zeros() {
        let empty = networks.map { $0 * 0 }
        var random = RandomSource(seed: 3)
        let changed = WeightAugmentation(noise: 0.5)(empty, using: &random)
        #expect(changed.blocks.allSatisfy { $0.isEqual(to: $0 * 0) })
    }

    @Test("a part of the weights becomes zero, and the others stay")
    func dropout() {
        let blocks = changed(WeightAugmentation(dropout: 0.3))
        let zeros = blocks.map { ($0 .== Tensor.zeros([1])).to(.float64).sum.item }.reduce(0, +)
        #expect(abs(zeros / Double(blocks.map(\.count).reduce(0, +)) - 0.3) < 0.02)
        let kept = zip(blocks, networks.blocks).map { $0 * ($0 - $1) }
        #expect(kept.allSatisfy { $0.isEqual(to: Tensor.zeros([1])) })
    }
}
