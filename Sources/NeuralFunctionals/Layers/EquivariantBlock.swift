public import Torch

/// One step of a functional: `x ↦ dropout(activation(norm(linear(x))))`, or as a residual block
/// `x ↦ x + dropout(activation(linear(norm(x))))`.
///
/// - Source: Zhou et al. 2023, arXiv:2302.14040, section 4; residual form of the authors' later models.
public struct EquivariantBlock: FeatureLayer {
    /// What surrounds the linear layer.
    public struct Configuration: Hashable, Sendable, Codable {
        public var activation: Activation
        public var isNormalized: Bool
        /// Whether layers between spaces of equal width add their input; others are plain.
        public var isResidual: Bool
        /// The probability that a channel is dropped in training.
        public var dropout: Double

        public init(
            activation: Activation = .relu, isNormalized: Bool = true, isResidual: Bool = false, dropout: Double = 0
        ) {
            self.activation = activation
            self.isNormalized = isNormalized
            self.isResidual = isResidual
            self.dropout = dropout
        }
    }

    /// The layer that mixes weights with each other.
    public private(set) var linear: EquivariantLinear
    private var norm: ChannelNorm?
    private let activation: Activation
    private let dropout: ChannelDropout
    private let isResidual: Bool

    public var inputSpace: FeatureSpace { linear.inputSpace }
    public var outputSpace: FeatureSpace { linear.outputSpace }

    /// A block that maps one space to another over the same groups.
    public init(
        from space: FeatureSpace, to output: FeatureSpace, _ configuration: Configuration,
        bottleneck: MixingMatrix.Bottleneck? = nil, using random: inout RandomSource
    ) {
        linear = EquivariantLinear(from: space, to: output, bottleneck: bottleneck, using: &random)
        isResidual = configuration.isResidual && space == output
        norm = configuration.isNormalized ? ChannelNorm(isResidual ? space : output) : nil
        activation = configuration.activation
        dropout = ChannelDropout(rate: configuration.dropout)
    }

    public func callAsFunction(_ feature: Feature) -> Feature {
        var none: RandomSource?
        return self(feature, dropping: &none)
    }

    /// The block with dropout drawn from `random`, as in training.
    public func callAsFunction(_ feature: Feature, dropping random: inout RandomSource?) -> Feature {
        if isResidual {
            return feature + dropout(activated(norm?(feature) ?? feature, norm: nil), using: &random)
        }
        return dropout(activated(feature, norm: norm), using: &random)
    }

    /// `activation(norm(linear(x)))`; without a norm, in one pass over every matrix.
    private func activated(_ feature: Feature, norm: ChannelNorm?) -> Feature {
        let totals = linear.sums(of: feature).map { sum in
            sum.total(activation: norm == nil ? activation : nil, averages: norm == nil && !isResidual)
        }
        let sums = Feature(totals.map { .stored($0.values) }, means: totals.map(\.means), over: outputSpace)
        return norm?(sums, activation: activation) ?? sums
    }

    /// The activation of one block's sum.
    ///
    /// - Traps: when the layer is normalised or residual.
    func activated(_ sum: Injector) -> (values: Tensor, means: MatrixMeans?) {
        precondition(norm == nil && !isResidual, "expected a plain layer")
        return sum.total(activation: activation, averages: true)
    }

    /// Visits the linear layer's parameters, then the norm's.
    public mutating func visitParameters(_ visit: (String, inout Tensor) throws -> Void) rethrows {
        try linear.visitParameters(in: "linear", visit)
        try norm?.visitParameters(in: "norm", visit)
    }
}
