public import Torch
public import WeightSpaces

/// Predicts numbers from a network's weights: `f(g · U) = f(U)`.
///
/// Trunk, invariant pooling, and a perceptron as head.
///
/// - Source: Zhou et al. 2023, arXiv:2302.14040, section 2.3.
public struct InvariantFunctional: Functional {
    /// A trunk and the head on top of it.
    public struct Configuration: Hashable, FunctionalDescription {
        public var trunk: FunctionalConfiguration
        /// Whether pooling keeps fixed positions apart.
        public var keepsFixedAxes: Bool
        /// The hidden layers of the head.
        public var headWidths: [Int]
        /// The probability that a hidden unit of the head is dropped in training.
        public var headDropout: Double
        /// How many numbers are predicted.
        public var outputs: Int

        public init(
            trunk: FunctionalConfiguration, keepsFixedAxes: Bool = true, headWidths: [Int] = [256],
            headDropout: Double = 0, outputs: Int
        ) {
            self.trunk = trunk
            self.keepsFixedAxes = keepsFixedAxes
            self.headWidths = headWidths
            self.headDropout = headDropout
            self.outputs = outputs
        }

        public func check(against file: StoredNumbers) throws {
            try trunk.check(against: file)
            try file.check(hiddenWidths: headWidths, "headWidths")
            try InvalidSetting.check(rate: headDropout, "headDropout")
            try file.check(outputs, "outputs")
        }
    }

    public static let kind = "invariant"

    public let configuration: Configuration
    private(set) var trunk: Trunk
    let pooling: InvariantPooling
    private(set) var head: Perceptron

    public var space: WeightSpace { configuration.trunk.space }
    public var networksPerPart: Int { trunk.networksPerPart }

    public init(_ configuration: Configuration, using random: inout RandomSource) {
        self.configuration = configuration
        trunk = Trunk(configuration.trunk, using: &random)
        pooling = InvariantPooling(trunk.outputSpace, keepsFixedAxes: configuration.keepsFixedAxes)
        head = Perceptron(
            widths: [pooling.outputWidth] + configuration.headWidths + [configuration.outputs],
            activation: configuration.trunk.block.activation, dropout: configuration.headDropout, using: &random)
    }

    /// Measures the networks that are trained on.
    public mutating func fitNormalization(to networks: Feature) { trunk.fitNormalization(to: networks) }

    /// - Input: weights, a feature with one channel.
    /// - Output: `[batch, outputs]`.
    public func callAsFunction(_ networks: Feature) -> Tensor {
        var none: RandomSource?
        return self(networks, dropping: &none)
    }

    /// The functional with dropout drawn from `random`, as in training.
    public func callAsFunction(_ networks: Feature, dropping random: inout RandomSource?) -> Tensor {
        head(pooling(trunk(networks, dropping: &random)), dropping: &random)
    }

    public mutating func visitParameters(_ visit: (String, inout Tensor) throws -> Void) rethrows {
        try trunk.visitParameters(in: "trunk", visit)
        try head.visitParameters(in: "head", visit)
    }

    public mutating func visitBuffers(_ visit: (String, inout Tensor) throws -> Void) rethrows {
        try trunk.visitBuffers(in: "trunk", visit)
    }
}
