internal import Foundation
internal import Torch

/// The distribution from which the runs of a population draw their hyper-parameters.
///
/// What a run draws depends on the seed and the run's number alone. Runs of one cohort, of consecutive numbers, are trained
/// side by side, so they share one draw of architecture, images and batch; all else is drawn independently. Lists are drawn
/// from uniformly, ranges of log scale uniformly in the logarithm.
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
    /// Runs that are trained side by side.
    public var cohort: Int
    public var epochs: Int
    /// The epochs after which a network is kept; 0 is its initialization.
    public var recordedEpochs: [Int]

    /// A distribution with the published ranges, which can be changed.
    public init(
        architectures: Architectures, batches: [Int], cohort: Int = 1, epochs: Int, recordedEpochs: [Int],
        seed: UInt64 = 0
    ) {
        self.architectures = architectures
        self.batches = batches
        self.cohort = cohort
        self.epochs = epochs
        self.recordedEpochs = recordedEpochs
        self.seed = seed
    }

    /// - Throws: `DecodingError` also when ``validate()`` finds something wrong.
    public init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        func decode<Value: Decodable>(_ key: CodingKeys) throws -> Value {
            try container.decode(Value.self, forKey: key)
        }
        seed = try decode(.seed)
        architectures = try decode(.architectures)
        optimizers = try decode(.optimizers)
        initializers = try decode(.initializers)
        initializationDeviation = try decode(.initializationDeviation)
        l2 = try decode(.l2)
        learningRate = try decode(.learningRate)
        dropout = try decode(.dropout)
        trainingFractions = try decode(.trainingFractions)
        batches = try decode(.batches)
        cohort = try decode(.cohort)
        epochs = try decode(.epochs)
        recordedEpochs = try decode(.recordedEpochs)
        do throws(ClassifierError) {
            try validate()
        } catch {
            throw DecodingError.dataCorrupted(.init(codingPath: decoder.codingPath, debugDescription: "\(error)"))
        }
    }

    /// The numbers of the runs that are trained side by side.
    public func runs(ofCohort number: Int) -> Range<Int> { number * cohort..<(number + 1) * cohort }

    /// The hyper-parameters of one run.
    ///
    /// - Traps: where ``validate()`` throws.
    public func draw(run: Int) -> ClassifierHyperparameters {
        var source = RandomSource(seed: seed)
        var shared = RandomSource(seed: source.next() ^ UInt64(run / cohort))
        var own = RandomSource(seed: source.next() ^ UInt64(run))
        return ClassifierHyperparameters(
            architecture: architectures.draw(using: &shared), optimizer: optimizers.drawn(using: &own),
            initializer: initializers.drawn(using: &own),
            initializationDeviation: logUniform(initializationDeviation, using: &own),
            l2: logUniform(l2, using: &own), learningRate: logUniform(learningRate, using: &own),
            dropout: .random(in: dropout, using: &own), trainingFraction: trainingFractions.drawn(using: &shared),
            epochs: epochs, batch: batches.drawn(using: &shared), imageSeed: shared.next() >> 32,
            seed: own.next() >> 32)
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
