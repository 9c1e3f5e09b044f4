public import NeuralFunctionals
public import Torch
public import Zoo

/// Something that a functional can be trained to do with the networks of a zoo.
public protocol TrainingTask: Sendable {
    /// What is trained.
    associatedtype Model: Functional
    /// What a model is made of.
    var configuration: Model.Configuration { get }
    /// Which networks are trained on, validated on and tested on, by their numbers.
    var split: Split { get }
    /// What a validation measures.
    var metric: Metric { get }
    /// A model before its first step.
    func makeModel(using random: inout RandomSource) -> Model
    /// The loss over some networks, a scalar.
    func loss(_ model: Model, networks: [Int], using random: inout RandomSource) -> Tensor
    /// The metric over some networks.
    func measure(_ model: Model, networks: [Int]) -> Double
    /// The metric over some networks, of which a few at a time are computed.
    ///
    /// - Parameter checkpoint: is called before each part, on any thread, and may throw to stop.
    func measure(_ model: Model, networks: [Int], checkpoint: @Sendable () throws -> Void) throws -> Double
}

extension TrainingTask {
    /// As a whole.
    public func measure(_ model: Model, networks: [Int], checkpoint: @Sendable () throws -> Void) throws -> Double {
        try checkpoint()
        return measure(model, networks: networks)
    }
}

/// A figure that says how good a model is.
public struct Metric: Hashable, Sendable, Codable {
    /// Its name in reports.
    public let name: String
    /// Whether larger values are better.
    public let isHigherBetter: Bool

    /// The part of networks that are classified right.
    public static let accuracy = Metric(name: "accuracy", isHigherBetter: true)
    /// The mean squared error of pictures in [−1, 1].
    public static let meanSquaredError = Metric(name: "mse", isHigherBetter: false)
    /// Kendall's τ between what is predicted and what is true (``kendallTau(_:_:)``).
    public static let kendallTau = Metric(name: "tau", isHigherBetter: true)

    /// Whether one value is better than another; NaN never is.
    public func isBetter(_ value: Double, than other: Double?) -> Bool {
        guard let other else { return !value.isNaN }
        return isHigherBetter ? value > other : value < other
    }
}

/// What was seen at one validation.
public struct TrainingRecord: Hashable, Sendable, Codable {
    /// Steps taken.
    public let step: Int
    /// Seconds of training so far, over all sittings.
    public let seconds: Double
    /// The mean loss since the record before.
    public let loss: Double
    /// The metric over the validation networks.
    public let validation: Double

    /// The same in a training that goes on from another.
    func delayed(by seconds: Double) -> TrainingRecord {
        TrainingRecord(step: step, seconds: self.seconds + seconds, loss: loss, validation: validation)
    }
}
