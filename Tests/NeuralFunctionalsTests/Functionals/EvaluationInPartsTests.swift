import TestSupport
import Testing
import Torch
import WeightSpaces

@testable import NeuralFunctionals

@Suite(.oneThread) struct EvaluationInPartsTests {
    static let samples: [SampleSpace] = {
        do {
            return try SampleSpace.all + [
                .residual(depth: 2), .decoder(depth: 2), SampleSpace("wide", .mlp(widths: [40, 4, 3, 5])),
            ]
        } catch {
            preconditionFailure("\(error)")
        }
    }()

    private func model(_ space: WeightSpace, depth: Int) -> InvariantFunctional {
        var trunk = FunctionalConfiguration(
            space: space, fourier: nil, positional: .init(bands: 2), depth: depth, channels: 4, matrixChannels: 3,
            block: .init(isNormalized: false))
        trunk.limitWidth(parameters: 1)
        var random = RandomSource(seed: 1)
        return InvariantFunctional(.init(trunk: trunk, headWidths: [5], outputs: 2), using: &random).to(.float64)
    }

    @Test("in parts, a functional says what it says of the whole network", arguments: samples, [0, 1, 3])
    func agrees(sample: SampleSpace, depth: Int) {
        var random = RandomSource(seed: 2)
        let model = model(sample.space, depth: depth)
        let networks = sample.feature(channels: 1, batch: 1, using: &random)
        let output = model.evaluatingInParts { networks.blocks[$0] }
        expectClose(output, model(networks), relativeError: 1e-10)
    }

    @Test("blocks of a deep network are read a few at a time, each once and once more for each layer")
    func readsFewBlocks() throws {
        var random = RandomSource(seed: 3)
        let sample = try SampleSpace.decoder(depth: 6)
        let model = model(sample.space, depth: 2)
        #expect((model.trunk.stack[0].linear.components.map(\.count).max() ?? 0) <= 8)
        let networks = sample.feature(channels: 1, batch: 1, using: &random)
        var reads = [Int](repeating: 0, count: networks.blocks.count)
        _ = model.evaluatingInParts { block in
            reads[block] += 1
            return networks.blocks[block]
        }
        #expect(reads.allSatisfy { $0 == 3 })
    }
}
