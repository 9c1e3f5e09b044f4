public import NeuralFunctionals
public import Torch

/// A functional that reads numbers from networks' weights, such as a score for each class.
public protocol NetworkReader: Functional {
    /// Measures the networks that are trained on.
    mutating func fitNormalization(to networks: Feature)
    /// - Output: `[batch, outputs]`, with dropout where `random` holds a source.
    func callAsFunction(_ networks: Feature, dropping random: inout RandomSource?) -> Tensor
}

extension NetworkReader {
    /// - Output: `[batch, outputs]`.
    public func callAsFunction(_ networks: Feature) -> Tensor {
        var none: RandomSource?
        return self(networks, dropping: &none)
    }
}

extension InvariantFunctional: NetworkReader {}
