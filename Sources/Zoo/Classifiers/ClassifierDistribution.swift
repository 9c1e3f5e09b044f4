internal import Foundation
internal import Torch

/// The distribution from which the runs of a population draw their hyper-parameters, all independently.
///
/// What a run draws depends on the seed and the run's number alone. Lists are drawn from uniformly; a range of `log` scale
/// is uniform in the logarithm.
///
/// - Source: Unterthiner et al. 2020, arXiv:2002.11448, section 3 and appendix, whose ranges are the defaults; what is
///   chosen for shorter training stands with each preset.
public struct ClassifierDistribution: Hashable, Codable, Sendable {
    /// What architectures are drawn from.
    public enum Architectures: Hashable, Codable, Sendable {
        /// One of a few, with one of a few nonlinearities.
        case listed(architectures: [ClassifierArchitecture], activations: [ClassifierArchitecture.Activation])
        /// Each of its own.
        case wildPark(ranges: WildPark)
    }

    /// The starting point of every random number.
    public var seed: UInt64 = 0
    public var architectures: Architectures
    public var optimizers = ClassifierOptimizer.allCases
    public var initializers = ClassifierInitializer.allCases
    /// Log scale.
    public var initializationDeviation = 1e-3...0.5
    /// Log scale.
    public var l2 = 1e-8...1e-2
    /// Log scale.
    public var learningRate = 5e-4...5e-2
    /// Uniform.
    public var dropout = 0.0...0.7
    public var trainingFractions = [0.1, 0.25, 0.5, 1]
    public var batches: [Int]
    public var epochs: Int
    /// The epochs after which a network is kept; 0 is its initialization.
    public var recordedEpochs: [Int]

    /// A distribution with the published ranges, which can be changed.
    public init(architectures: Architectures, batches: [Int], epochs: Int, recordedEpochs: [Int], seed: UInt64 = 0) {
        self.architectures = architectures
        self.batches = batches
        self.epochs = epochs
        self.recordedEpochs = recordedEpochs
        self.seed = seed
    }

    /// The hyper-parameters of one run.
    ///
    /// - Traps: when there is nothing to draw from, or a range of log scale is not positive.
    public func draw(run: Int) -> ClassifierHyperparameters {
        var source = RandomSource(seed: seed)
        var random = RandomSource(seed: source.next() ^ UInt64(run))
        return ClassifierHyperparameters(
            architecture: architectures.draw(using: &random), optimizer: optimizers.drawn(using: &random),
            initializer: initializers.drawn(using: &random),
            initializationDeviation: logUniform(initializationDeviation, using: &random),
            l2: logUniform(l2, using: &random), learningRate: logUniform(learningRate, using: &random),
            dropout: .random(in: dropout, using: &random), trainingFraction: trainingFractions.drawn(using: &random),
            epochs: epochs, batch: batches.drawn(using: &random), seed: random.next() >> 32)
    }

    private func logUniform(_ range: ClosedRange<Double>, using random: inout RandomSource) -> Double {
        precondition(range.lowerBound > 0, "expected a positive range, got \(range)")
        let exponent = Double.random(in: log(range.lowerBound)...log(range.upperBound), using: &random)
        return min(max(exp(exponent), range.lowerBound), range.upperBound)
    }
}

extension ClassifierDistribution.Architectures {
    fileprivate func draw(using random: inout RandomSource) -> ClassifierArchitecture {
        switch self {
        case .listed(let architectures, let activations):
            var architecture = architectures.drawn(using: &random)
            architecture.activation = activations.drawn(using: &random)
            return architecture
        case .wildPark(let ranges): return ranges.draw(using: &random)
        }
    }
}

extension Array {
    /// One of the elements, uniformly.
    func drawn(using random: inout some RandomNumberGenerator) -> Element {
        precondition(!isEmpty, "expected something to draw from, got an empty list")
        return self[Int.random(in: indices, using: &random)]
    }
}
