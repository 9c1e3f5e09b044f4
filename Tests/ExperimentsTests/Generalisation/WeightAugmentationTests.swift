import NeuralFunctionals
import TestSupport
import Testing
import Torch

@testable import Experiments

@Suite(.oneThread) struct WeightAugmentationTests {
    private let networks: Feature
    private let deviations: Tensor

    init() throws {
        let sample = try SamplePopulation(count: 200)
        networks = try sample.population(targets: sample.norms).groups(at: Array(0..<200))[0].networks
        deviations = Tensor([2, 0.5, 1, 3] as [Float])
    }

    private func changed(_ augmentation: WeightAugmentation, seed: UInt64 = 0) -> [Tensor] {
        var random = RandomSource(seed: seed)
        return augmentation(networks, deviations: deviations, using: &random).blocks
    }

    @Test("nothing changes unless it is asked for")
    func off() {
        #expect(zip(changed(WeightAugmentation()), networks.blocks).allSatisfy { $0.isEqual(to: $1) })
    }

    @Test("noise is as large as its parameter's deviation says")
    func noise() {
        let blocks = changed(WeightAugmentation(noise: 0.1))
        for (index, deviation) in [0.2, 0.05, 0.1, 0.3].enumerated() {
            let added = blocks[index] - networks.blocks[index]
            #expect(abs(added.squared.mean.item.squareRoot() / deviation - 1) < 0.12, "\(index)")
        }
        #expect(!blocks[0].isEqual(to: changed(WeightAugmentation(noise: 0.1), seed: 1)[0]))
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
