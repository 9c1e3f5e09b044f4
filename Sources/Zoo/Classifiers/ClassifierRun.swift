public import Torch

/// What became of one classifier.
public struct ClassifierRun: Sendable {
    /// What it was trained with.
    public let hyperparameters: ClassifierHyperparameters
    /// The network after the recorded epochs, in order, as long as everything about it was finite.
    public let checkpoints: [ClassifierCheckpoint]
    /// The epoch, counted from 1 (0 is the initialization), in which the loss or a parameter became NaN or infinite, and
    /// training stopped.
    public let divergedEpoch: Int?

    /// Whether training stopped early because a number was no longer finite.
    public var diverged: Bool { divergedEpoch != nil }
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
