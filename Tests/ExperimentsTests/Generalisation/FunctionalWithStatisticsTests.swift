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
            statistics: try WeightStatistics(of: [sample.space], by: .parameters))
    }

    private func outputs(_ model: Model, _ parameters: [Tensor]) -> Tensor {
        var none: RandomSource?
        return model(
            Feature(stored: parameters.map { $0.to(.float64) }, of: sample.space), of: sample.space, dropping: &none)
    }

    @Test("both outputs stay where networks are permuted; permuted along one axis alone, the functional's does not")
    func invariance() throws {
        var random = RandomSource(seed: 1)
        var model = Model(configuration, using: &random)
        model.fitNormalization(to: [(Feature(stored: sample.parameters, of: sample.space), sample.space)])
        let exact = model.to(.float64)
        let expected = outputs(exact, sample.parameters)
        #expect(expected.shape == [240, 2] && expected.dtype == .float64)
        let element = GroupElement.random(of: sample.space.groups, using: &random)
        let moved = outputs(exact, try element.acting(on: sample.parameters, in: sample.space))
        expectClose(moved, expected, relativeError: 1e-10)
        let uncoupled = [sample.parameters[0].gathered(1, at: Array(1..<8) + [0])] + sample.parameters.dropFirst()
        #expect(
            relativeError(outputs(exact, uncoupled).narrowed(1, to: 0..<1), expected.narrowed(1, to: 0..<1)) > 1e-4)
    }

    @Test("functional and perceptron learn by a loss each, and the mean of their outputs is predicted")
    func losses() throws {
        let population = try sample.population(targets: sample.squashed)
        let task = GeneralisationTask<Model>(population, model: configuration)
        var random = RandomSource(seed: 2)
        let model = task.makeModel(using: &random)
        let networks = Array(task.split.train.prefix(8))
        func lossAndGradients<Reader: PopulationReader>(
            _ model: Reader, _ task: GeneralisationTask<Reader>
        ) -> (value: Tensor, gradients: [Tensor]) {
            var source = RandomSource(seed: 3)
            return valueWithGradients(of: model) { task.loss($0, networks: networks, using: &source) }
        }
        let both = lossAndGradients(model, task)
        let alone = lossAndGradients(model.base, GeneralisationTask(population, model: configuration.base))
        // The loss is the mean over two outputs, of which the functional moves one.
        for (found, expected) in zip(both.gradients, alone.gradients) {
            expectClose(found * 2, expected, relativeError: 1e-4)
        }
        #expect(both.gradients.count > alone.gradients.count)
        #expect(abs(both.value.item - alone.value.item) > 1e-6)

        let group = population.groups(at: networks)[0]
        var none: RandomSource?
        let outputs = model(group.networks, of: sample.space, dropping: &none).split(1, into: [1, 1])
        expectClose(
            model.meanOutput(of: group.networks, in: sample.space), (outputs[0] + outputs[1]) / 2, relativeError: 1e-6)
    }

    @Test("both order networks by an invariant of their weights after a training")
    func learns() throws {
        let task = GeneralisationTask<Model>(try sample.population(targets: sample.squashed), model: configuration)
        let model = try Trainer(
            task, options: .init(steps: 120, batch: 16, learningRate: 5e-3, warmUp: 10, validationInterval: 30)
        ).run().model
        let test = task.split.test
        var none: RandomSource?
        let networks = task.population.groups(at: test)[0].networks
        for column in model(networks, of: sample.space, dropping: &none).split(1, into: [1, 1]) {
            let tau = kendallTau(column.to(.float64).elements(), test.map { sample.squashed[$0] })
            #expect(try #require(tau) > 0.5)
        }
    }
}
