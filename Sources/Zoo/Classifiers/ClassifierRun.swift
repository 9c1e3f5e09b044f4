public import Torch

/// What became of one classifier.
public struct ClassifierRun: Sendable {
    /// What it was trained with.
    public let hyperparameters: ClassifierHyperparameters
    /// The network after the recorded epochs, in order, as long as everything about it was finite.
    public private(set) var checkpoints: [ClassifierCheckpoint]
    /// The first epoch, counted from 1 (0 is the initialization), in which a loss or a parameter was NaN or infinite, and
    /// training stopped.
    public private(set) var divergedEpoch: Int?

    /// Whether training stopped early because a number was no longer finite.
    public var diverged: Bool { divergedEpoch != nil }

    init(hyperparameters: ClassifierHyperparameters, checkpoints: [ClassifierCheckpoint], divergedEpoch: Int?) {
        self.hyperparameters = hyperparameters
        self.checkpoints = checkpoints
        self.divergedEpoch = divergedEpoch
    }

    /// Stops the run, unless it has stopped before.
    mutating func diverge(in epoch: Int) { divergedEpoch = divergedEpoch ?? epoch }

    /// Keeps a checkpoint whose losses are finite; stops the run otherwise.
    mutating func append(_ checkpoint: ClassifierCheckpoint) {
        guard !diverged else { return }
        if checkpoint.train.loss.isFinite, checkpoint.test.loss.isFinite {
            checkpoints.append(checkpoint)
        } else {
            diverge(in: checkpoint.epoch)
        }
    }
}

/// A classifier at one moment of its training.
public struct ClassifierCheckpoint: Sendable {
    /// Passes through the training images so far.
    public let epoch: Int
    /// In the order of ``ClassifierArchitecture/parameterNames``.
    public let parameters: [Tensor]
    /// On the first of the images that the run was trained on, at most ``ClassifierTraining/trainingImagesEvaluated``.
    public let train: ClassifierMetrics
    /// On all test images.
    public let test: ClassifierMetrics
}
