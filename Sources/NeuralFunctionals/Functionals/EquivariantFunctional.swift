public import Torch
public import WeightSpaces

/// Edits a network's weights: `U′ = U + γ ⊙ σ ⊙ f(U)`, with `f(g · U) = g · f(U)`.
///
/// Trunk, one more equivariant layer to a single channel, the parameters' deviations σ over the training networks, and
/// a learned scale γ.
///
/// - Source: Zhou et al. 2023, arXiv:2302.14040, section 4.3; σ, which makes γ a relative step, is ours.
public struct EquivariantFunctional: Functional {
    /// A trunk and the size of the first edits.
    public struct Configuration: Hashable, FunctionalDescription {
        public var trunk: FunctionalConfiguration
        /// The value at which every γ starts.
        public var initialScale: Double

        public init(trunk: FunctionalConfiguration, initialScale: Double = 0.1) {
            self.trunk = trunk
            self.initialScale = initialScale
        }

        public func check(against file: StoredNumbers) throws {
            try trunk.check(against: file)
            try InvalidSetting.check(initialScale.isFinite, "initialScale")
        }
    }

    public static let kind = "equivariant"

    public let configuration: Configuration
    private var trunk: Trunk
    private var last: EquivariantLinear
    private var scale: LearnedScale

    public var space: WeightSpace { configuration.trunk.space }
    public var networksPerPart: Int { trunk.networksPerPart }

    public init(_ configuration: Configuration, using random: inout RandomSource) {
        self.configuration = configuration
        trunk = Trunk(configuration.trunk, using: &random)
        let edits = configuration.trunk.shared(trunk.inputSpace)
        last = EquivariantLinear(
            from: trunk.outputSpace, to: edits, bottleneck: configuration.trunk.bottleneck, using: &random)
        scale = LearnedScale(edits, initial: configuration.initialScale)
    }

    /// Measures the networks that are trained on.
    public mutating func fitNormalization(to networks: Feature) { trunk.fitNormalization(to: networks) }

    /// - Input: weights, a feature with one channel.
    /// - Output: edited weights over the same space.
    public func callAsFunction(_ networks: Feature) -> Feature {
        var none: RandomSource?
        return self(networks, dropping: &none)
    }

    /// The functional with dropout drawn from `random`, as in training.
    public func callAsFunction(_ networks: Feature, dropping random: inout RandomSource?) -> Feature {
        let features = trunk(networks, dropping: &random).storingMatrices(as: .float32)
        let edits = scale(last(features))
        return Feature(
            zip(networks.blocks, edits.blocks).enumerated().map { index, pair in
                pair.0 + pair.1 * trunk.deviations.narrowed(0, to: index..<index + 1)
            }, over: networks.space)
    }

    public mutating func visitParameters(_ visit: (String, inout Tensor) throws -> Void) rethrows {
        try trunk.visitParameters(in: "trunk", visit)
        try last.visitParameters(in: "last", visit)
        try scale.visitParameters(in: "scale", visit)
    }

    public mutating func visitBuffers(_ visit: (String, inout Tensor) throws -> Void) rethrows {
        try trunk.visitBuffers(in: "trunk", visit)
    }
}
