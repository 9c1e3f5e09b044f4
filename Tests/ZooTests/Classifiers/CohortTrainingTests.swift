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
            architectures: .listed(architectures: [cnn], activations: [.relu, .tanh]), batches: [16, 32], cohort: 2,
            epochs: 2, recordedEpochs: [0, 2], seed: 1)
    }

    @Test("a run depends on its cohort alone")
    func independent() throws {
        let images = try ClassifierImages(darkAndBright(count: 60, side: 8))
        let training = try CohortTraining(distribution, on: images, testing: images)
        let all = try training.train(cohorts: 1..<4)
        #expect(all.map(\.hyperparameters) == (2..<8).map(distribution.draw(run:)))
        for (first, second) in zip(all[2..<4], try training.train(cohorts: 2..<3)) {
            #expect(first.checkpoints.map(\.epoch) == [0, 2] && second.checkpoints.map(\.epoch) == [0, 2])
            for (first, second) in zip(first.checkpoints, second.checkpoints) {
                let bytes = [first, second].map { $0.parameters.map { $0.elements(as: Float.self) } }
                #expect(bytes[0] == bytes[1] && first.train == second.train && first.test == second.test)
            }
        }
    }

    @Test("progress counts finished runs")
    func progress() throws {
        let images = try ClassifierImages(darkAndBright(count: 10, side: 8))
        let seen = Recorder()
        _ = try CohortTraining(distribution, on: images, testing: images).train(
            cohorts: 0..<3, progress: { seen.append($0) })
        #expect(seen.values == [2, 4, 6])
    }
}

/// Collects what is reported on any thread.
private final class Recorder: Sendable {
    private let state = Mutex<[Int]>([])

    var values: [Int] { state.withLock { $0 } }

    func append(_ value: Int) { state.withLock { $0.append(value) } }
}
