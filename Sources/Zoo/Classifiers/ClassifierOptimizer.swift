internal import Foundation
internal import Torch

/// The rule by which a classifier's parameters follow the gradient g of the loss.
public enum ClassifierOptimizer: String, Codable, CaseIterable, Sendable {
    /// `θ ← θ − η · m̂ / (√v̂ + 10⁻⁸)`, with the bias-corrected means m̂ of g and v̂ of g², rates 0.9 and 0.999
    /// (Kingma and Ba, arXiv:1412.6980, algorithm 1).
    case adam
    /// `m ← 0.9 m + g`, `θ ← θ − η m`
    case sgd
    /// `v ← 0.9 v + 0.1 g²`, `θ ← θ − η · g / (√v + 10⁻⁷)` (Tieleman and Hinton 2012, lecture 6.5).
    case rmsprop
}

/// What an optimizer remembers of one network, as a row.
struct ClassifierOptimizerState {
    private let optimizer: ClassifierOptimizer
    private let learningRate: Double
    private var steps = 0
    private var mean: Tensor
    private var square: Tensor

    init(_ optimizer: ClassifierOptimizer, learningRate: Double, count: Int, dtype: DType = .float32) {
        self.optimizer = optimizer
        self.learningRate = learningRate
        mean = .zeros([1, count], dtype: dtype)
        square = mean
    }

    /// The parameters, `[1, count]`, one step further.
    mutating func step(_ parameters: Tensor, gradient: Tensor) -> Tensor {
        steps += 1
        switch optimizer {
        case .adam:
            mean = mean * 0.9 + gradient * 0.1
            square = square * 0.999 + gradient.squared * 0.001
            let (first, second) = (1 - pow(0.9, Double(steps)), 1 - pow(0.999, Double(steps)))
            return parameters - mean / (sqrt(square / second) + 1e-8) * (learningRate / first)
        case .sgd:
            mean = mean * 0.9 + gradient
            return parameters - mean * learningRate
        case .rmsprop:
            square = square * 0.9 + gradient.squared * 0.1
            return parameters - gradient / (sqrt(square) + 1e-7) * learningRate
        }
    }
}
