import NeuralFunctionals
import TestSupport
import Testing
import Torch
import WeightSpaces

@testable import Experiments

@Suite(.oneThread) struct GeneralisationTaskTests {
    private let sample: SamplePopulation
    private let configuration: InvariantFunctional.Configuration
    private let options = TrainingOptions(steps: 120, batch: 16, learningRate: 5e-3, warmUp: 10, validationInterval: 30)

    init() throws {
        sample = try SamplePopulation()
        let trunk = FunctionalConfiguration(space: sample.space, fourier: nil, depth: 2, channels: 8, matrixChannels: 4)
        configuration = .init(trunk: trunk, headWidths: [16], outputs: 1)
    }

    private func task(
        _ targets: [Double], parameters: [Tensor]? = nil, dtype: DType = .float32,
        augmentation: WeightAugmentation = WeightAugmentation()
    ) throws -> GeneralisationTask<InvariantFunctional> {
        GeneralisationTask(
            try sample.population(targets: targets, parameters: parameters, dtype: dtype), augmentation: augmentation,
            model: configuration)
    }

    @Test("a functional orders networks by an invariant of their weights, in 0...1 or in any unit")
    func learns() throws {
        for targets in [sample.squashed, sample.norms.map { 300 + 20 * $0 }] {
            let task = try task(targets)
            let model = try Trainer(task, options: options).run().model
            let test = task.split.test
            #expect(task.measure(model, networks: test) > 0.5)
            let agreement = Agreement(
                predictions: task.population.predictions(of: model, networks: test), targets: test.map { targets[$0] })
            #expect(try #require(agreement.determination) > 0.3)
        }
    }

    @Test("nothing is learned from shuffled targets")
    func shuffledTargets() throws {
        var random = RandomSource(seed: 5)
        let task = try task(sample.squashed.shuffled(using: &random))
        let model = try Trainer(task, options: options).run().model
        // Under chance, τ of 72 networks has the deviation √(2(2n + 5) / 9n(n − 1)) = 0.08.
        #expect(abs(task.measure(model, networks: task.split.test)) < 0.25)
    }

    @Test("a functional learns through noise and dropout too")
    func learnsThroughAugmentation() throws {
        let task = try task(sample.squashed, augmentation: .init(noise: 0.1, dropout: 0.05))
        let model = try Trainer(task, options: options).run().model
        #expect(task.measure(model, networks: task.split.test) > 0.5)
    }

    @Test("permuted networks have the same predictions; permuted along one axis alone, others")
    func invariance() throws {
        var random = RandomSource(seed: 6)
        let model = try task(sample.squashed).makeModel(using: &random).to(.float64)
        func predictions(_ parameters: [Tensor]) throws -> Tensor {
            let task = try task(sample.squashed, parameters: parameters, dtype: .float64)
            return Tensor(task.population.predictions(of: model, networks: task.split.test))
        }
        let expected = try predictions(sample.parameters)
        for _ in 0..<3 {
            let element = GroupElement.random(of: sample.space.groups, using: &random)
            let moved = try element.acting(on: sample.parameters, in: sample.space)
            expectClose(try predictions(moved), expected, relativeError: 1e-10)
        }
        let uncoupled = [sample.parameters[0].gathered(1, at: Array(1..<8) + [0])] + sample.parameters.dropFirst()
        #expect(relativeError(try predictions(uncoupled), expected) > 1e-4)
    }

    @Test("beside another model the mean of both is measured, and what is learned is the same")
    func companion() throws {
        var random = RandomSource(seed: 9)
        let population = try sample.population(targets: sample.squashed)
        let said = Tensor.normal(shape: [240, 1], using: &random)
        let (alone, beside) = (
            try task(sample.squashed),
            GeneralisationTask<InvariantFunctional>(population, model: configuration, beside: said)
        )
        let model = alone.makeModel(using: &random)
        let networks = Array(0..<48)
        let outputs = population.outputs(of: model, networks: networks)
        let mean = (outputs + said.gathered(0, at: networks)) / 2
        let targets = networks.map { population.targets[$0] }
        #expect(beside.measure(model, networks: networks) == kendallTau(mean.to(.float64).elements(), targets))
        #expect(alone.measure(model, networks: networks) == kendallTau(outputs.to(.float64).elements(), targets))
        #expect(alone.measure(model, networks: networks) != beside.measure(model, networks: networks))
        var (one, other) = (RandomSource(seed: 1), RandomSource(seed: 1))
        #expect(
            alone.loss(model, networks: [0, 1], using: &one).item
                == beside.loss(model, networks: [0, 1], using: &other).item)
    }

    @Test("predictions do not depend on the networks that they are computed with")
    func predictionsStandAlone() throws {
        var random = RandomSource(seed: 7)
        let task = try task(sample.squashed, dtype: .float64)
        let model = task.makeModel(using: &random).to(.float64)
        let together = task.population.predictions(of: model, networks: Array(0..<100))
        let alone = [0, 63, 64, 99].map { task.population.predictions(of: model, networks: [$0])[0] }
        expectClose(Tensor(alone), Tensor([0, 63, 64, 99].map { together[$0] }), relativeError: 1e-12)
        #expect(Set(together).count == 100)
    }

    @Test("equal predictions order nothing")
    func constantPredictions() throws {
        var random = RandomSource(seed: 8)
        let task = try task(sample.squashed)
        let model = task.makeModel(using: &random).mapParameters { $0 * 0 }
        #expect(task.measure(model, networks: task.split.test) == 0)
        let training = task.split.train.map { sample.squashed[$0] }
        let prediction = task.population.predictions(of: model, networks: [0, 1])
        #expect(prediction[0] == prediction[1])
        #expect(abs(training.count { $0 < prediction[0] } - training.count { $0 > prediction[0] }) <= 1)
    }
}

struct WeightPopulationTests {
    @Test("checkpoints of one run are on one side of the split")
    func splitByRuns() async throws {
        let sample = try SamplePopulation(count: 40)
        let population = try sample.population(targets: sample.squashed)
        let sides = [population.split.train, population.split.validation, population.split.test]
        #expect(sides.flatMap(\.self).sorted() == Array(0..<40))
        let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
            let sample = try SamplePopulation(count: 40)
            let split = try sample.population(targets: sample.squashed).split
            _ = WeightPopulation(
                sample.space, parameters: sample.parameters, targets: sample.squashed,
                runs: [Int](repeating: 0, count: 40), split: split)
        }
        #expect(try #require(result).standardErrorText.contains("expected every run on one side of the split"))
    }
}
