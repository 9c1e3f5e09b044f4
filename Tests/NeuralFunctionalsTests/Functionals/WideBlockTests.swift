import Foundation
import NeuralFunctionals
import TestSupport
import Testing
import Torch
import WeightSpaces

/// Functionals that read blocks of many fixed positions: what a flatten leaves of a convolution, pictures, vocabularies.
@Suite(.oneThread) struct WideBlockTests {
    struct Sample: CustomTestStringConvertible {
        let sample: SampleSpace
        var sharesRoles = false

        var testDescription: String { sample.name }

        var trunk: FunctionalConfiguration {
            var trunk = SampleFunctional.trunk(sample.space)
            trunk.sharesRoles = sharesRoles
            trunk.limitWidth(parameters: 1)
            return trunk
        }

        func invariant() -> InvariantFunctional {
            var random = RandomSource(seed: 41)
            return InvariantFunctional(.init(trunk: trunk, headWidths: [5], outputs: 2), using: &random)
        }

        func equivariant() -> EquivariantFunctional {
            var random = RandomSource(seed: 42)
            return EquivariantFunctional(.init(trunk: trunk, initialScale: 0.5), using: &random)
        }

        /// Networks with the positions of every wide block in reverse order.
        func reversingPositions(_ networks: Feature) -> Feature {
            Feature(
                zip(networks.blocks, networks.space.blocks).map { values, block in
                    block.fixedCount > FunctionalConfiguration.fewPositions
                        ? values.gathered(values.rank - 1, at: (0..<block.fixedCount).reversed()) : values
                }, over: networks.space)
        }
    }

    static func cnn(_ dense: [Int], positions: Int = 20) throws -> WeightSpace {
        try .cnn(
            channels: [1, 3, 2], kernels: [[2, 2], [3, 3]], dense: dense, readout: .flatten(positions: positions))
    }

    static let samples: [Sample] = {
        do {
            return [
                Sample(sample: SampleSpace("flatten before outputs", try cnn([2]))),
                Sample(sample: SampleSpace("flatten before neurons", try cnn([4, 2]))),
                Sample(sample: SampleSpace("inputs and outputs", try .mlp(widths: [20, 3, 4, 18]))),
                Sample(sample: SampleSpace("repeated label", try .rnn(inputs: 17, hidden: 4, outputs: 3))),
                Sample(sample: try .decoder(depth: 3, tokens: 30), sharesRoles: true),
            ]
        } catch {
            preconditionFailure("\(error)")
        }
    }()

    @Test("invariant: f(g · U) = f(U); an uncoupled permutation and one of positions change it", arguments: samples)
    func isInvariant(sample: Sample) {
        var random = RandomSource(seed: 1)
        let model = sample.invariant().to(.float64)
        let networks = sample.sample.feature(channels: 1, using: &random)
        for _ in 0..<5 {
            let element = GroupElement.random(of: model.space.groups, movingOrdered: false, using: &random)
            expectClose(model(element.acting(on: networks)), model(networks), relativeError: 1e-10)
        }
        let uncoupled = sample.sample.withUncoupledPermutation(networks)
        #expect(relativeError(model(uncoupled), model(networks)) > 1e-3)
        #expect(relativeError(model(sample.reversingPositions(networks)), model(networks)) > 1e-3)
    }

    @Test("equivariant: f(g · U) = g · f(U), and positions are told apart in what is written too", arguments: samples)
    func isEquivariant(sample: Sample) {
        var random = RandomSource(seed: 2)
        let model = sample.equivariant().to(.float64)
        expectEquivariant({ model($0) }, on: sample.sample, channels: 1, movingOrdered: false)
        let networks = sample.sample.feature(channels: 1, using: &random)
        let (edited, reversed) = (model(networks), model(sample.reversingPositions(networks)))
        #expect(relativeError(reversed, sample.reversingPositions(edited)) > 1e-3)
    }

    @Test("every parameter is used", arguments: samples)
    func usesParameters(sample: Sample) {
        var random = RandomSource(seed: 3)
        let model = sample.invariant().to(.float64)
        let networks = sample.sample.feature(channels: 1, batch: 3, using: &random)
        let (_, gradients) = valueWithGradients(of: model) { $0(networks).squared.sum }
        for (parameter, gradient) in zip(model.parameters, gradients) {
            #expect(gradient.magnitude.sum.item > 0, "\(parameter.name)")
        }
    }

    @Test("read back, a functional predicts the same bits", arguments: samples)
    func roundTrip(sample: Sample) throws {
        var random = RandomSource(seed: 4)
        let networks = sample.sample.feature(channels: 1, using: &random).map { $0.to(.float32) }
        try withTemporaryFolder { folder in
            let url = folder.appending(path: "model.safetensors")
            let model = sample.invariant()
            try model.write(to: url)
            let read = try InvariantFunctional(contentsOf: url)
            #expect(read.configuration == model.configuration)
            #expect(read(networks).elements(as: Float.self) == model(networks).elements(as: Float.self))
        }
    }

    @Test("joined, a block costs equally much for each position; apart, ever more")
    func growth() throws {
        func count(_ positions: Int, _ parameters: Int) throws -> Int {
            var trunk = SampleFunctional.trunk(try Self.cnn([2], positions: positions))
            trunk.limitWidth(parameters: parameters)
            return InvariantFunctional.parameterCount(of: .init(trunk: trunk, outputs: 1))
        }
        let joined = try [40, 80, 160].map { try count($0, 1) }
        #expect(joined[2] - joined[1] == 2 * (joined[1] - joined[0]))
        let apart = try [40, 80, 160].map { try count($0, .max) }
        #expect(apart[2] - apart[1] > 3 * (apart[1] - apart[0]))
    }

    @Test("networks of few fixed positions, or of few parameters, keep them apart")
    func keepsSmallNetworks() throws {
        for sample in SampleSpace.all {
            #expect(SampleFunctional.trunk(sample.space).widestBlock == nil)
            #expect(FunctionalConfiguration(space: sample.space).widestBlock == nil)
        }
        let usual = [
            try WeightSpace.mlp(widths: [2, 32, 32, 3]), try .mlp(widths: [784, 64, 10]).sharingFixedAxes(),
            try .cnn(channels: [1, 16, 16, 16], kernels: [[3, 3], [3, 3], [3, 3]], dense: [10]),
        ]
        for space in usual { #expect(FunctionalConfiguration(space: space).widestBlock == nil) }
        #expect(FunctionalConfiguration(space: try Self.cnn([10], positions: 36)).widestBlock == 23_039)
    }

    @Test("a configuration from before there was a limit has none")
    func oldConfiguration() throws {
        let configuration = SampleFunctional.trunk(try Self.cnn([2]))
        #expect(configuration.widestBlock == nil)
        let text = String(decoding: try JSONEncoder().encode(configuration), as: UTF8.self)
        #expect(!text.contains("widestBlock"))
        #expect(
            try JSONDecoder().decode(FunctionalConfiguration.self, from: Data(text.utf8)) == configuration)
    }

    @Test("parameters are counted without making them")
    func countsParameters() throws {
        for sample in Self.samples {
            let (model, other) = (sample.invariant(), sample.equivariant())
            #expect(InvariantFunctional.parameterCount(of: model.configuration) == model.parameterCount)
            #expect(EquivariantFunctional.parameterCount(of: other.configuration) == other.parameterCount)
        }
        var trunk = FunctionalConfiguration(space: try Self.cnn([10], positions: 64))
        trunk.widestBlock = nil
        let (count, costs) = OperationCounts.counting {
            InvariantFunctional.parameterCount(of: .init(trunk: trunk, outputs: 1))
        }
        #expect(count > 1_000_000_000)
        #expect(costs.allocatedBytes < 10_000_000)
    }
}
