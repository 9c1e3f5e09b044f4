import NeuralFunctionals
import TestSupport
import Testing
import Torch
import WeightSpaces

@testable import Experiments

/// What functionals of convolutional networks with a flatten before their dense layers cost.
@Suite(.oneThread) struct FlattenedNetworksTests {
    struct Network: Sendable, CustomTestStringConvertible {
        let testDescription: String
        let weights: Int
        let space: @Sendable () throws -> WeightSpace
    }

    static let networks = [
        Network(testDescription: "LeNet-5", weights: 61_706) {
            try .cnn(
                channels: [1, 6, 16], kernels: [[5, 5], [5, 5]], dense: [120, 84, 10], readout: .flatten(positions: 25))
        },
        Network(testDescription: "LeNet-5 for colours", weights: 62_006) {
            try .cnn(
                channels: [3, 6, 16], kernels: [[5, 5], [5, 5]], dense: [120, 84, 10], readout: .flatten(positions: 25))
        },
        Network(testDescription: "two convolutions, 8 × 8, ten classes", weights: 25_578) {
            try .cnn(
                channels: [3, 16, 32], kernels: [[3, 3], [3, 3]], dense: [10], readout: .flatten(positions: 64))
        },
        Network(testDescription: "two convolutions, 6 × 6, ten classes", weights: 7_018) {
            try .cnn(channels: [1, 8, 16], kernels: [[3, 3], [3, 3]], dense: [10], readout: .flatten(positions: 36))
        },
        Network(testDescription: "two convolutions, 8 × 8, a hundred classes", weights: 209_988) {
            try .cnn(
                channels: [3, 16, 32], kernels: [[3, 3], [3, 3]], dense: [100], readout: .flatten(positions: 64))
        },
        Network(testDescription: "a perceptron on 8 × 8 pixels", weights: 2_410) {
            try .mlp(widths: [64, 32, 10])
        },
    ]

    private func configuration(_ space: WeightSpace) throws -> InvariantFunctional.Configuration {
        let options = Run.TrunkOptions(depth: 3, channels: 24, matrixChannels: 8)
        return GeneralisationStudy.functional(over: try space.sharingFixedAxes(), options)
    }

    @Test("at most three million parameters, as in studies of generalisation", arguments: networks)
    func isSmall(network: Network) throws {
        let space = try network.space()
        #expect(space.parameterCount == network.weights)
        let configuration = try configuration(space)
        let count = InvariantFunctional.parameterCount(of: configuration)
        #expect(count <= 3_000_000, "\(count) parameters")
    }

    @Test("networks that are pooled globally are read as before: no positions are joined, and parameters are as many")
    func keepsPooledNetworks() throws {
        for (channels, count) in [(1, 1_377_409), (3, 2_929_297)] {
            let space = try WeightSpace.cnn(
                channels: [channels, 16, 16, 16], kernels: [[3, 3], [3, 3], [3, 3]], dense: [10])
            let configuration = try configuration(space)
            #expect(configuration.trunk.widestBlock == nil)
            #expect(InvariantFunctional.parameterCount(of: configuration) == count)
        }
    }

    @Test("what a step of 16 networks takes is counted", arguments: networks[3...3])
    func costsOfAStep(network: Network) throws {
        let space = try network.space()
        var random = RandomSource(seed: 1)
        let configuration = try configuration(space)
        let model = InvariantFunctional(configuration, using: &random)
        let networks = SampleSpace("", space).feature(channels: 1, batch: 16, using: &random).map { $0.to(.float32) }
        let counts = OperationCounts.counting {
            valueWithGradients(of: model) { $0(networks).squared.sum }
        }.counts
        let (parameters, features) = (4 * model.parameterCount, 16 * configuration.trunk.bytesPerNetwork)
        #expect(counts.allocatedBytes < 3 * (parameters + features))
        #expect(counts.allocatedBytes > features / 3)
        #expect(counts.allocatedBytes < 300_000_000)
    }
}
