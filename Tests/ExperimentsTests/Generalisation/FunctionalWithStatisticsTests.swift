import NeuralFunctionals
import TestSupport
import Testing
import Torch
import WeightSpaces

@testable import Experiments

@Suite(.oneThread) struct FunctionalWithStatisticsTests {
    private typealias Model = FunctionalWithStatistics<InvariantFunctional>

    private let sample: SamplePopulation
    private let configuration: Model.Configuration

    init() throws {
        sample = try SamplePopulation(count: 240)
        let trunk = FunctionalConfiguration(space: sample.space, fourier: nil, depth: 2, channels: 8, matrixChannels: 4)
        configuration = .init(
            base: .init(trunk: trunk, headWidths: [16], outputs: 1),
            statistics: try WeightStatistics(
                of: [sample.space], by: .parameters, seenAs: WeightStatistics.View.allCases))
    }

    /// The functional, the perceptron, and both together, with random weights.
    private func models(using random: inout RandomSource) -> (base: InvariantFunctional, both: Model) {
        let networks = Feature(stored: sample.parameters, of: sample.space)
        var base = InvariantFunctional(configuration.base, using: &random)
        base.fitNormalization(to: networks)
        var perceptron = FlatPerceptron(configuration.perceptron, using: &random)
        let values = configuration.statistics(networks, of: sample.space)
        perceptron.fitNormalization(
            to: Feature(
                stored: configuration.statistics.parameters(values), of: configuration.statistics.space))
        return (base, Model(base, perceptron, on: configuration.statistics))
    }

    private func networks(_ parameters: [Tensor]) -> Feature {
        Feature(stored: parameters.map { $0.to(.float64) }, of: sample.space)
    }

    @Test("the output stays where networks are permuted; permuted along one axis alone, it does not")
    func invariance() throws {
        var random = RandomSource(seed: 1)
        let exact = models(using: &random).both.to(.float64)
        let expected = exact(networks(sample.parameters), of: sample.space)
        #expect(expected.shape == [240, 1] && expected.dtype == .float64)
        let element = GroupElement.random(of: sample.space.groups, using: &random)
        let moved = exact(networks(try element.acting(on: sample.parameters, in: sample.space)), of: sample.space)
        expectClose(moved, expected, relativeError: 1e-10)
        let uncoupled = [sample.parameters[0].gathered(1, at: Array(1..<8) + [0])] + sample.parameters.dropFirst()
        #expect(relativeError(exact(networks(uncoupled), of: sample.space), expected) > 1e-4)
    }

    @Test("the output is the mean of what both say, here and after storing")
    func mean() throws {
        var random = RandomSource(seed: 2)
        let (base, both) = models(using: &random)
        let networks = Feature(stored: sample.parameters.map { $0.to(.float32) }, of: sample.space)
        let values = configuration.statistics(networks, of: sample.space).to(.float32)
        var none: RandomSource?
        let said = both.perceptron(rows: values, dropping: &none)
        let expected = (base(networks) + said) / 2
        expectClose(both(networks, of: sample.space), expected, relativeError: 1e-6)
        #expect(relativeError(base(networks), expected) > 1e-3 && relativeError(said, expected) > 1e-3)
        try withTemporaryFolder { folder in
            let file = folder.appending(path: "both.safetensors")
            try both.write(to: file)
            expectClose(try Model(contentsOf: file)(networks, of: sample.space), expected, relativeError: 1e-6)
        }
    }
}
