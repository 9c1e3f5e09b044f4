internal import Foundation

/// How a functional is trained, apart from what it is trained on.
public struct TrainingOptions: Hashable, Sendable, Codable {
    /// Optimizer steps of the whole training.
    public var steps: Int
    /// Networks per step.
    public var batch: Int
    /// The learning rate after the warm-up; it falls along a cosine to a hundredth.
    public var learningRate: Double
    /// Steps over which the learning rate rises from zero.
    public var warmUp: Int
    /// Decoupled weight decay of AdamW.
    public var weightDecay: Double
    /// The largest norm of a gradient; longer ones are scaled down.
    public var gradientNorm: Double
    /// The steps over which the parameters that are validated and kept are averaged, `nil` for the last alone.
    public var averagedSteps: Int?
    /// Steps between two looks at the validation networks.
    public var validationInterval: Int
    /// Validations without a better result after which training stops; `nil` for never.
    public var patience: Int?
    /// Wall-clock seconds after which training ends, with the learning rate following the time instead of the steps.
    public var secondsLimit: Double?
    /// Decides initial weights, order of networks and dropout.
    public var seed: UInt64

    /// Settings that train a classifier of small implicit representations in a few minutes.
    public init(
        steps: Int = 3000, batch: Int = 32, learningRate: Double = 4e-3, warmUp: Int = 50, weightDecay: Double = 0.01,
        gradientNorm: Double = 1, averagedSteps: Int? = nil, validationInterval: Int = 200, patience: Int? = nil,
        secondsLimit: Double? = nil, seed: UInt64 = 0
    ) {
        self.steps = steps
        self.batch = batch
        self.learningRate = learningRate
        self.warmUp = warmUp
        self.weightDecay = weightDecay
        self.gradientNorm = gradientNorm
        self.averagedSteps = averagedSteps
        self.validationInterval = validationInterval
        self.patience = patience
        self.secondsLimit = secondsLimit
        self.seed = seed
    }

    /// The part of the training that is done, in `0...1`.
    func fraction(atStep step: Int, seconds: Double) -> Double {
        max(Double(step) / Double(steps), secondsLimit.map { seconds / $0 } ?? 0)
    }

    /// The learning rate of a step, counted from zero.
    func learningRate(atStep step: Int, seconds: Double) -> Double {
        let rise = min(1, Double(step + 1) / Double(max(warmUp, 1)))
        let fall = 0.01 + 0.99 * (1 + cos(.pi * min(1, fraction(atStep: step, seconds: seconds)))) / 2
        return learningRate * rise * fall
    }
}
