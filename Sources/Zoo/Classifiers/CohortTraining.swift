internal import Synchronization
internal import Torch

/// Trains the runs of a distribution: cohorts beside each other on all cores, the runs of a cohort side by side.
public struct CohortTraining: Sendable {
    /// Where hyper-parameters are drawn from.
    public let distribution: ClassifierDistribution

    private let images: ClassifierImages
    private let test: ClassifierImages

    /// - Throws: ``ClassifierError/hyperparameter(_:expected:found:)`` when the distribution has nothing to draw from, or
    ///   what it draws may make no sense.
    public init(
        _ distribution: ClassifierDistribution, on images: ClassifierImages, testing test: ClassifierImages
    ) throws(ClassifierError) {
        try distribution.validate()
        self.distribution = distribution
        self.images = images
        self.test = test
    }

    /// Trains the runs of some cohorts. What becomes of a run depends on its cohort alone.
    ///
    /// - Parameters:
    ///   - cohorts: cohort `c` has the runs that ``ClassifierDistribution/runs(ofCohort:)`` says.
    ///   - checkpoint: is called again and again, on any thread; what it throws ends the work.
    ///   - progress: is called with the number of finished runs, on any thread, one call at a time.
    /// - Output: one result for each run, in order, those that diverged among them.
    /// - Throws: ``ClassifierError``; what `checkpoint` throws.
    public func train(
        cohorts: Range<Int>, checkpoint: @Sendable () throws -> Void = {}, progress: @Sendable (Int) -> Void = { _ in }
    ) throws -> [ClassifierRun] {
        let finished = Mutex(0)
        let drawn = cohorts.map { distribution.runs(ofCohort: $0).map(distribution.draw(run:)) }
        // The longest come first, for the cores to be done at about the same time.
        let order = drawn.indices.sorted { drawn[$0][0].multiplicationsPerEpoch > drawn[$1][0].multiplicationsPerEpoch }
        let results = try Runtime.concurrentMap(order.count) { index in
            let training = try ClassifierTraining(drawn[order[index]], recordedEpochs: distribution.recordedEpochs)
            let runs = try training.run(on: images, testing: test, checkpoint: checkpoint)
            finished.withLock {
                $0 += runs.count
                progress($0)
            }
            return runs
        }
        return zip(order, results).sorted { $0.0 < $1.0 }.flatMap(\.1)
    }
}

extension ClassifierHyperparameters {
    /// Up to a factor that all runs on the same images share.
    fileprivate var multiplicationsPerEpoch: Double {
        trainingFraction * Double(architecture.multiplicationCount)
    }
}
