import Foundation
import TestSupport
import Testing
import Torch

@testable import Zoo

@Suite(.oneThread) struct ClassifierTrainingTests {
    private let cnn = ClassifierArchitecture(
        imageShape: [1, 8, 8], convolutions: [.init(channels: 4, kernel: 3, stride: 2)], dense: [2])
    private let flattened = ClassifierArchitecture(
        imageShape: [1, 8, 8], convolutions: [.init(channels: 4, kernel: 3, stride: 2)], head: .flatten, dense: [2])

    private func runs(
        _ networks: [ClassifierHyperparameters], recording epochs: [Int] = [0, 2], images count: Int = 100
    ) throws -> [ClassifierRun] {
        try ClassifierTraining(networks, recordedEpochs: epochs).run(
            on: ClassifierImages(darkAndBright(count: count, side: 8)),
            testing: ClassifierImages(darkAndBright(count: 300, side: 8, seed: 1)))
    }

    private func run(
        _ network: ClassifierHyperparameters, recording epochs: [Int] = [0, 2], images count: Int = 100
    ) throws -> ClassifierRun {
        try #require(try runs([network], recording: epochs, images: count).first)
    }

    private func bytes(_ run: ClassifierRun) -> [[Float]] {
        run.checkpoints.flatMap { $0.parameters.map { $0.elements() } }
    }

    /// Networks that share what they must, and differ in everything else.
    private var cohort: [ClassifierHyperparameters] {
        let initializers = ClassifierInitializer.allCases
        return ClassifierOptimizer.allCases.enumerated().map { index, optimizer in
            ClassifierHyperparameters(
                architecture: cnn, optimizer: optimizer, initializer: initializers[index], l2: 1e-3 * Double(index),
                learningRate: 0.01 + 0.005 * Double(index), epochs: 2, batch: 16, imageSeed: 3, seed: UInt64(index))
        }
    }

    @Test("networks trained side by side become what they become alone, up to rounding")
    func sideBySide() throws {
        for (together, network) in zip(try runs(cohort), cohort) {
            let alone = try run(network)
            #expect(together.hyperparameters == network && together.checkpoints.map(\.epoch) == [0, 2])
            for (together, alone) in zip(together.checkpoints, alone.checkpoints) {
                for (a, b) in zip(together.parameters, alone.parameters) { expectClose(a, b, relativeError: 1e-3) }
                expectClose(together.test.loss, alone.test.loss, relativeError: 1e-4)
                expectClose(together.train.loss, alone.train.loss, relativeError: 1e-4)
            }
        }
    }

    @Test("a network that diverges leaves those beside it alone")
    func divergesAlone() throws {
        var networks = cohort
        networks[1].learningRate = 1e30
        let runs = try runs(networks)
        #expect(runs.map(\.diverged) == [false, true, false] && runs[1].divergedEpoch == 1)
        #expect(runs.map { $0.checkpoints.map(\.epoch) } == [[0, 2], [0], [0, 2]])
        let alone = try run(networks[2])
        for (a, b) in zip(runs[2].checkpoints[1].parameters, alone.checkpoints[1].parameters) {
            expectClose(a, b, relativeError: 1e-3)
        }
    }

    @Test("every optimizer learns to tell dark from bright pictures", arguments: ClassifierOptimizer.allCases)
    func learns(optimizer: ClassifierOptimizer) throws {
        for (cnn, activation) in [(cnn, .relu), (cnn, .tanh), (flattened, .relu), (flattened, .tanh)]
            as [(ClassifierArchitecture, ClassifierArchitecture.Activation)]
        {
            var hyperparameters = ClassifierHyperparameters(
                architecture: cnn, optimizer: optimizer, l2: 1e-5, learningRate: 0.01, dropout: 0.1, epochs: 12,
                batch: 16)
            hyperparameters.architecture.activation = activation
            let run = try run(hyperparameters, recording: [0, 1, 12])
            #expect(run.checkpoints.map(\.epoch) == [0, 1, 12] && !run.diverged)
            let (first, last) = (run.checkpoints[0], run.checkpoints[2])
            #expect(last.train.loss < 0.5 * first.train.loss && last.test.loss < 0.5 * first.test.loss)
            #expect(last.test.accuracy > 0.9 && last.train.accuracy > 0.9)
            #expect(last.parameters.map(\.shape) == cnn.parameterShapes)
        }
    }

    @Test("the same hyper-parameters give the same bytes, another seed others")
    func deterministic() throws {
        var hyperparameters = ClassifierHyperparameters(
            architecture: cnn, dropout: 0.3, trainingFraction: 0.5, epochs: 2, batch: 16, seed: 7)
        let first = bytes(try run(hyperparameters))
        #expect(bytes(try run(hyperparameters)) == first)
        #expect(bytes(try run(hyperparameters, recording: [0, 1, 2])).suffix(4) == first.suffix(4))
        hyperparameters.seed = 8
        #expect(zip(bytes(try run(hyperparameters)), first).allSatisfy { $0 != $1 || $0.allSatisfy { $0 == 0 } })
    }

    @Test("a checkpoint's metrics are those of its parameters, on all test images and the images trained on")
    func metrics() throws {
        let (images, test) = (darkAndBright(count: 40, side: 8), darkAndBright(count: 300, side: 8, seed: 1))
        let last = try #require(
            try run(ClassifierHyperparameters(architecture: cnn, epochs: 1), recording: [1], images: 40)
                .checkpoints.first)
        for (metrics, set) in [(last.train, images), (last.test, test)] {
            let labels = try #require(set.labels)
            let naive = NaiveClassifier(architecture: cnn, parameters: last.parameters.map { $0.to(.float64) })
            let (loss, correct) = labels.indices.reduce((0.0, 0)) { sum, index in
                let pixels = set.signal(of: index..<index + 1).map(Double.init)
                let logits = naive.logits(of: Tensor(pixels))
                let logarithm = log(logits.map { exp($0) }.reduce(0, +)) - logits[labels[index]]
                return (sum.0 + logarithm, sum.1 + (logits[labels[index]] == logits.max() ? 1 : 0))
            }
            #expect(abs(metrics.loss - loss / Double(set.count)) < 1e-5)
            #expect(abs(metrics.accuracy - Double(correct) / Double(set.count)) < 1e-9)
        }
    }

    @Test("a run that diverges stops, says so, and keeps its finite checkpoints", arguments: [1.0, 1e30])
    func diverges(rate: Double) throws {
        let hyperparameters = ClassifierHyperparameters(
            architecture: cnn, optimizer: .sgd, l2: rate < 1e3 ? 1e6 : 0, learningRate: rate, epochs: 6, batch: 16)
        let run = try run(hyperparameters, recording: Array(0...6))
        let epoch = try #require(run.divergedEpoch)
        #expect(run.diverged && epoch < 6)
        #expect(run.checkpoints.map(\.epoch) == Array(0..<epoch))
        for checkpoint in run.checkpoints {
            #expect(checkpoint.parameters.allSatisfy { $0.isFinite })
            #expect(checkpoint.train.loss.isFinite && checkpoint.test.loss.isFinite)
        }
    }

    @Test(
        "a step goes against the gradient of cross-entropy and penalty, which spares biases",
        arguments: ClassifierHead.allCases)
    func step(head: ClassifierHead) throws {
        let cnn = head == .pool ? cnn : flattened
        let hyperparameters = ClassifierHyperparameters(
            architecture: cnn, optimizer: .sgd, l2: 0.7, learningRate: 0.1, epochs: 1)
        var descent = ClassifierDescent([hyperparameters])
        let (images, labels) = try ClassifierImages(darkAndBright(count: 5, side: 8)).batch(at: [3, 1, 4])
        func parameters() -> [Tensor] { descent.parameters.map { $0.reshaped(Array($0.shape.dropFirst())) } }
        let start = parameters()
        descent.step(images, labels)
        // After one step biases are not zero, and what a penalty did to them would show.
        let middle = parameters()
        let variables = middle.map(\.asVariable)
        let loss = crossEntropy(cnn.logits(parameters: variables, images: images), labels)
        let gradients = gradients(of: loss, withRespectTo: variables)
        let penalty = middle.reduce(0) { $0 + ($1.rank == 1 ? 0 : 0.7 * $1.squared.sum.item) }
        expectClose(descent.step(images, labels)[0], loss.item + penalty, relativeError: 1e-5)
        for (index, end) in parameters().enumerated() {
            let isBias = end.rank == 1
            #expect(!isBias || middle[index].magnitude.sum.item > 0)
            let gradient = isBias ? gradients[index] : gradients[index] + middle[index] * 1.4
            let momentum = (middle[index] - start[index]) * 0.9
            expectClose(end - middle[index], momentum - gradient * 0.1, relativeError: 1e-4)
        }
    }

    @Test("dropout silences neurons in the given share, and keeps the mean")
    func dropout() throws {
        func losses(_ dropout: Double) throws -> [Double] {
            let hyperparameters = ClassifierHyperparameters(
                architecture: .mlp(widths: [64, 50, 2]), optimizer: .sgd, learningRate: 0, dropout: dropout, epochs: 1)
            var descent = ClassifierDescent([hyperparameters])
            let (images, labels) = try ClassifierImages(darkAndBright(count: 50, side: 8)).batch(at: 0..<50)
            return (0..<3).flatMap { _ in descent.step(images, labels) }
        }
        #expect(Set(try losses(0)).count == 1)
        #expect(Set(try losses(0.5)).count == 3)
        var random = RandomSource(seed: 2)
        let keeping = Tensor([Float(0.7), 1], shape: [2, 1])
        let factors = dropoutFactors(keeping: keeping, neurons: 10, images: 200, using: &random)
        #expect(factors.shape == [2, 10, 200])
        let (some, all) = (factors.elements(as: Float.self).prefix(2000), factors.elements(as: Float.self).suffix(2000))
        #expect(all.allSatisfy { $0 == 1 } && some.allSatisfy { $0 == 0 || abs($0 - 1 / 0.7) < 1e-6 })
        // 2,000 neurons, give or take five standard deviations.
        #expect(abs(some.count { $0 == 0 } - 600) < 103)
    }

    @Test("an epoch has as many steps as the fraction of the images asks for, the last with what is left")
    func fraction() throws {
        let hyperparameters = ClassifierHyperparameters(architecture: cnn, trainingFraction: 0.1, epochs: 3, batch: 4)
        var (steps, epochs) = (0, [Int]())
        _ = try ClassifierTraining([hyperparameters], recordedEpochs: []).run(
            on: ClassifierImages(darkAndBright(count: 100, side: 8)),
            testing: ClassifierImages(darkAndBright(count: 1, side: 8)), checkpoint: { steps += 1 },
            progress: { epochs.append($0) })
        #expect(steps == 3 * 3 && epochs == [0, 1, 2, 3])
    }

    @Test("what the checkpoint throws stops the run")
    func stops() throws {
        struct Stop: Error {}
        var calls = 0
        #expect(throws: Stop.self) {
            try ClassifierTraining([.init(architecture: cnn, epochs: 1_000)], recordedEpochs: []).run(
                on: ClassifierImages(darkAndBright(count: 20, side: 8)),
                testing: ClassifierImages(darkAndBright(count: 1, side: 8)),
                checkpoint: {
                    calls += 1
                    if calls == 5 { throw Stop() }
                })
        }
        #expect(calls == 5)
    }

    @Test("images and hyper-parameters that do not fit are refused in one line")
    func errors() throws {
        let shades = darkAndBright(count: 20, side: 8)
        let fitting = try ClassifierImages(shades)
        func message(_ body: () throws -> Void) -> String? {
            do { try body() } catch { return "\(error)" }
            return nil
        }
        func train(_ hyperparameters: ClassifierHyperparameters, recording: [Int] = []) -> String? {
            message {
                let training = try ClassifierTraining([hyperparameters], recordedEpochs: recording)
                _ = try training.run(on: fitting, testing: fitting)
            }
        }
        let good = ClassifierHyperparameters(architecture: cnn, epochs: 0)
        #expect(train(good) == nil)
        let larger = ClassifierHyperparameters(architecture: .smallCNN(), epochs: 0)
        #expect(train(larger)?.contains("shades: expected images of shape") == true)
        #expect(train(.init(architecture: .mlp(widths: [64, 1]), epochs: 0))?.contains("labels below 1") == true)
        #expect(train(good, recording: [1])?.contains("recordedEpochs") == true)
        for (name, change) in [
            ("learningRate", { $0.learningRate = .nan }), ("dropout", { $0.dropout = 1 }),
            ("trainingFraction", { $0.trainingFraction = 0 }), ("batch", { $0.batch = 0 }),
            ("epochs", { $0.epochs = -1 }), ("l2", { $0.l2 = -1 }),
        ] as [(String, (inout ClassifierHyperparameters) -> Void)] {
            var bad = good
            change(&bad)
            #expect(train(bad)?.contains(name) == true)
        }
        for (name, change) in [
            ("architecture", { $0.architecture.activation = .tanh }),
            ("trainingFraction", { $0.trainingFraction = 0.5 }),
            ("batch", { $0.batch = 3 }), ("epochs", { $0.epochs = 1 }), ("imageSeed", { $0.imageSeed = 1 }),
        ] as [(String, (inout ClassifierHyperparameters) -> Void)] {
            var other = good
            change(&other)
            let found = message { _ = try ClassifierTraining([good, other], recordedEpochs: []) }
            #expect(found?.contains("\(name): expected") == true)
        }
        let unlabelled = ImageSet(name: "x", count: 1, height: 1, width: 1, channels: 1, pixels: [0])
        #expect(message { _ = try ClassifierImages(unlabelled) }?.contains("labelled") == true)
        #expect(message { _ = try ClassifierImages(shades[0..<0]) }?.contains("found none") == true)
    }
}
