public import NeuralFunctionals
public import Torch
public import WeightSpaces

/// A functional that reads numbers from the weights of networks of several architectures.
public protocol PopulationReader: Functional {
    /// - Input: networks of one architecture.
    /// - Output: `[batch, outputs]`, with dropout where `random` holds a source.
    func callAsFunction(_ networks: Feature, of space: WeightSpace, dropping random: inout RandomSource?) -> Tensor
}

extension PopulationReader {
    /// - Input: networks of one architecture.
    /// - Output: `[batch, outputs]`.
    public func callAsFunction(_ networks: Feature, of space: WeightSpace) -> Tensor {
        var none: RandomSource?
        return self(networks, of: space, dropping: &none)
    }
}

/// A reader that can be trained.
public protocol PopulationLearner: PopulationReader {
    /// Measures the networks that are trained on, groups of one architecture each.
    mutating func fitNormalization(to groups: [(networks: Feature, space: WeightSpace)])
}

/// A functional that reads numbers from the weights of networks of one architecture, such as a score for each class.
public protocol NetworkReader: PopulationLearner {
    /// The networks that it reads.
    var space: WeightSpace { get }
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

    /// - Traps: when there is more than one group.
    public mutating func fitNormalization(to groups: [(networks: Feature, space: WeightSpace)]) {
        precondition(groups.count == 1, "expected networks of one architecture, got \(groups.count) groups")
        fitNormalization(to: groups[0].networks)
    }

    public func callAsFunction(
        _ networks: Feature, of space: WeightSpace, dropping random: inout RandomSource?
    ) -> Tensor {
        self(networks, dropping: &random)
    }
}

extension InvariantFunctional: NetworkReader {}
extension MixedFunctional: PopulationLearner {}
