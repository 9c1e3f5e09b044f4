internal import Foundation
internal import Torch

/// How the only output of a functional stands for what it predicts.
public enum TargetScale: Hashable, Sendable, Codable {
    /// Targets in `0...1`: the output is a logit, the loss binary cross-entropy.
    case probability
    /// Other targets: the output is `(target − mean) / deviation`, the loss the mean squared error.
    case standardized(mean: Double, deviation: Double)

    /// The scale of a population's targets, measured over the training networks.
    init(of population: WeightPopulation) {
        if population.targets.allSatisfy((0...1).contains) {
            self = .probability
            return
        }
        let targets = population.split.train.map { population.targets[$0] }
        let mean = targets.reduce(0, +) / Double(targets.count)
        let variance = targets.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(targets.count)
        self = .standardized(mean: mean, deviation: variance > 0 ? variance.squareRoot() : 1)
    }

    /// What the loss compares an output with.
    func scaled(_ target: Double) -> Double {
        switch self {
        case .probability: target
        case .standardized(let mean, let deviation): (target - mean) / deviation
        }
    }

    /// The mean loss of outputs against scaled targets, both `[batch, 1]`.
    func loss(_ outputs: Tensor, _ scaled: Tensor) -> Tensor {
        switch self {
        case .probability: binaryCrossEntropy(outputs, scaled)
        case .standardized: meanSquaredError(outputs, scaled)
        }
    }

    /// The target that an output stands for.
    public func prediction(_ output: Double) -> Double {
        switch self {
        case .probability: 1 / (1 + exp(-output))
        case .standardized(let mean, let deviation): mean + deviation * output
        }
    }
}
