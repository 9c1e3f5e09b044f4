import Synchronization
import TestSupport
import Testing
import Torch

@testable import Zoo

@Suite(.oneThread) struct CohortTrainingTests {
    private var distribution: ClassifierDistribution {
        let cnn = ClassifierArchitecture(
            imageShape: [1, 8, 8], convolutions: [.init(channels: 3, kernel: 3, stride: 2)], dense: [2])
        return ClassifierDistribution(
            architectures: .listed(architectures: [cnn], activations: [.relu, .tanh]), batches: [16, 32], epochs: 2,
            recordedEpochs: [0, 2], seed: 1)
    }

    @Test("a run does not depend on the cohort that it is in")
    func independent() throws {
        let images = try ClassifierImages(darkAndBright(count: 60, side: 8))
        let cohort = CohortTraining(distribution, on: images, testing: images)
        let together = try cohort.train(3..<7)
        #expect(together.map(\.hyperparameters) == (3..<7).map(distribution.draw(run:)))
        let alone = try cohort.train(5..<6)
        #expect(
            zip(together[2].checkpoints, alone[0].checkpoints).allSatisfy { together, alone in
                zip(together.parameters, alone.parameters).allSatisfy {
                    $0.elements(as: Float.self) == $1.elements(as: Float.self)
                } && together.train == alone.train && together.test == alone.test
            })
        #expect(alone[0].checkpoints.map(\.epoch) == [0, 2])
    }

    @Test("progress counts finished runs")
    func progress() throws {
        let images = try ClassifierImages(darkAndBright(count: 10, side: 8))
        let seen = Recorder()
        _ = try CohortTraining(distribution, on: images, testing: images).train(0..<4, progress: { seen.append($0) })
        #expect(seen.values == [1, 2, 3, 4])
    }
}

/// Collects what is reported on any thread.
private final class Recorder: Sendable {
    private let state = Mutex<[Int]>([])

    var values: [Int] { state.withLock { $0 } }

    func append(_ value: Int) { state.withLock { $0.append(value) } }
}
