internal import Torch

/// Trains one classifier on the thread that calls.
///
/// What comes out depends on the hyper-parameters, which hold the seed, and on the images alone.
public struct ClassifierTraining: Sendable {
    /// What is trained, and how.
    public let hyperparameters: ClassifierHyperparameters
    /// The epochs after which the network is kept; 0 is its initialization.
    public let recordedEpochs: [Int]

    /// Training images that the metrics of a checkpoint are taken on, at most.
    public static let trainingImagesEvaluated = 4_000

    /// - Throws: ``ClassifierError/hyperparameter(_:expected:found:)``
    public init(_ hyperparameters: ClassifierHyperparameters, recordedEpochs: [Int]) throws(ClassifierError) {
        try hyperparameters.validate()
        guard recordedEpochs.allSatisfy((0...hyperparameters.epochs).contains) else {
            throw .hyperparameter(
                "recordedEpochs", expected: "numbers in 0...\(hyperparameters.epochs)", found: "\(recordedEpochs)")
        }
        self.hyperparameters = hyperparameters
        self.recordedEpochs = recordedEpochs
    }

    /// Trains the network.
    ///
    /// - Parameters:
    ///   - checkpoint: is called before every step, and may throw to stop.
    ///   - progress: is called with the number of finished epochs.
    /// - Output: the run, also when it diverged; it then has the checkpoints until then.
    /// - Throws: ``ClassifierError`` when the images do not fit the architecture; what `checkpoint` throws.
    public func run(
        on images: ClassifierImages, testing test: ClassifierImages, checkpoint: () throws -> Void = {},
        progress: (Int) -> Void = { _ in }
    ) throws -> ClassifierRun {
        try images.requireFit(hyperparameters.architecture)
        try test.requireFit(hyperparameters.architecture)
        var random = RandomSource(seed: hyperparameters.seed)
        var order = random.split()
        let seen = max(1, Int((hyperparameters.trainingFraction * Double(images.count)).rounded()))
        let chosen = Array((0..<images.count).shuffled(using: &order).prefix(seen))
        var descent = ClassifierDescent(hyperparameters, using: &random)
        var checkpoints: [ClassifierCheckpoint] = []
        func run(divergedIn epoch: Int?) -> ClassifierRun {
            ClassifierRun(hyperparameters: hyperparameters, checkpoints: checkpoints, divergedEpoch: epoch)
        }
        for epoch in 0...hyperparameters.epochs {
            if epoch > 0 {
                let isFinite = try pass(
                    over: chosen.shuffled(using: &order), of: images, by: &descent, checkpoint: checkpoint)
                guard isFinite else { return run(divergedIn: epoch) }
            }
            if recordedEpochs.contains(epoch) {
                func metrics(_ images: ClassifierImages, at indices: some RandomAccessCollection<Int>) throws
                    -> ClassifierMetrics
                {
                    try hyperparameters.architecture.metrics(
                        descent.parameters, on: images, at: indices, checkpoint: checkpoint)
                }
                let next = ClassifierCheckpoint(
                    epoch: epoch, parameters: descent.parameters,
                    train: try metrics(images, at: chosen.prefix(Self.trainingImagesEvaluated)),
                    test: try metrics(test, at: 0..<test.count))
                guard descent.vector.isFinite, next.train.loss.isFinite, next.test.loss.isFinite else {
                    return run(divergedIn: epoch)
                }
                checkpoints.append(next)
            }
            progress(epoch)
        }
        return run(divergedIn: nil)
    }

    /// One epoch; false when the loss became NaN or infinite.
    private func pass(
        over order: [Int], of images: ClassifierImages, by descent: inout ClassifierDescent,
        checkpoint: () throws -> Void
    ) throws -> Bool {
        var rest = order[...]
        while !rest.isEmpty {
            try checkpoint()
            let (images, labels) = images.batch(at: rest.prefix(hyperparameters.batch))
            rest = rest.dropFirst(hyperparameters.batch)
            guard descent.step(images, labels).isFinite else { return false }
        }
        return true
    }
}
