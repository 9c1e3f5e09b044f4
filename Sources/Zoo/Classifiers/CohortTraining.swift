internal import Synchronization
internal import Torch

/// Trains classifiers of a distribution beside each other, each on one thread.
public struct CohortTraining: Sendable {
    /// Where hyper-parameters are drawn from.
    public let distribution: ClassifierDistribution

    private let images: ClassifierImages
    private let test: ClassifierImages

    public init(_ distribution: ClassifierDistribution, on images: ClassifierImages, testing test: ClassifierImages) {
        self.distribution = distribution
        self.images = images
        self.test = test
    }

    /// Trains the runs of some numbers. What becomes of one does not depend on the others.
    ///
    /// - Parameters:
    ///   - checkpoint: is called again and again, on any thread; what it throws ends the work.
    ///   - progress: is called with the number of finished runs, on any thread, one call at a time.
    /// - Output: one result for each run, in order, those that diverged among them.
    /// - Throws: ``ClassifierError``; what `checkpoint` throws.
    public func train(
        _ runs: Range<Int>, checkpoint: @Sendable () throws -> Void = {}, progress: @Sendable (Int) -> Void = { _ in }
    ) throws -> [ClassifierRun] {
        let finished = Mutex(0)
        return try Runtime.concurrentMap(runs.count) { index in
            let training = try ClassifierTraining(
                distribution.draw(run: runs.lowerBound + index), recordedEpochs: distribution.recordedEpochs)
            let run = try training.run(on: images, testing: test, checkpoint: checkpoint)
            finished.withLock {
                $0 += 1
                progress($0)
            }
            return run
        }
    }
}
