public import NeuralFunctionals
public import Torch
public import WeightSpaces

/// The mean of a functional and of a perceptron on statistics of the weights (``WeightStatistics``), which tell what a mean
/// over weights passes over, such as the largest, or the spectra of matrices.
///
/// Both are trained apart: trained as one they are worse than the functional alone, for statistics are learned by heart
/// first.
public struct FunctionalWithStatistics<Base: PopulationReader>: PopulationReader {
    /// What the functional is made of, and what the perceptron reads.
    public struct Configuration: FunctionalDescription {
        public var base: Base.Configuration
        public var statistics: WeightStatistics

        public init(base: Base.Configuration, statistics: WeightStatistics) {
            self.base = base
            self.statistics = statistics
        }

        public func check(against file: StoredNumbers) throws {
            try base.check(against: file)
            try perceptron.check(against: file)
        }

        public func bytesPerNetwork(of space: WeightSpace) -> Int {
            base.bytesPerNetwork(of: space) + perceptron.bytesPerNetwork(of: perceptron.space)
        }

        /// What the perceptron is made of.
        var perceptron: FlatPerceptron.Configuration { .init(space: statistics.space, outputs: 1) }
    }

    public static var kind: String { "\(Base.kind) with spectra" }

    public let configuration: Configuration
    /// The functional.
    public private(set) var base: Base
    /// The perceptron.
    private(set) var perceptron: FlatPerceptron

    public var networksPerPart: Int { base.networksPerPart }

    /// The mean of two trained models with one output.
    ///
    /// - Traps: when the perceptron is not made as ``init(_:using:)`` makes it.
    public init(_ base: Base, _ perceptron: FlatPerceptron, on statistics: WeightStatistics) {
        configuration = Configuration(base: base.configuration, statistics: statistics)
        precondition(
            perceptron.configuration == configuration.perceptron,
            "expected a perceptron of the usual widths on these statistics, with one output")
        self.base = base
        self.perceptron = perceptron
    }

    public init(_ configuration: Configuration, using random: inout RandomSource) {
        self.configuration = configuration
        base = Base(configuration.base, using: &random)
        perceptron = FlatPerceptron(configuration.perceptron, using: &random)
    }

    public func callAsFunction(
        _ networks: Feature, of space: WeightSpace, dropping random: inout RandomSource?
    ) -> Tensor {
        let rows = configuration.statistics(networks, of: space).to(networks.blocks[0].dtype)
        return (base(networks, of: space, dropping: &random) + perceptron(rows: rows, dropping: &random)) / 2
    }

    public mutating func visitParameters(_ visit: (String, inout Tensor) throws -> Void) rethrows {
        try base.visitParameters(in: "base", visit)
        try perceptron.visitParameters(in: "perceptron", visit)
    }

    public mutating func visitBuffers(_ visit: (String, inout Tensor) throws -> Void) rethrows {
        try base.visitBuffers(in: "base", visit)
        try perceptron.visitBuffers(in: "perceptron", visit)
    }
}
