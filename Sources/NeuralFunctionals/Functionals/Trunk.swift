public import Torch

/// The equivariant part that every functional begins with: normalise, encode, and a stack of equivariant blocks.
public struct Trunk: FeatureLayer {
    private var normalization: InputNormalization
    private var fourier: FourierFeatures?
    private let positional: PositionalEncoding
    /// What the positional encoding writes, in the roles that the blocks share.
    private let encodedSpace: FeatureSpace
    private let matrixType: DType
    /// The equivariant blocks, first to last.
    public private(set) var stack: [EquivariantBlock]

    /// One channel for every weight.
    public var inputSpace: FeatureSpace { normalization.inputSpace }
    /// What the last block writes.
    public var outputSpace: FeatureSpace { stack.last?.outputSpace ?? encodedSpace }

    /// A trunk with random weights.
    public init(_ configuration: FunctionalConfiguration, using random: inout RandomSource) {
        let input = FeatureSpace(configuration.space, channels: 1)
        normalization = InputNormalization(input, configuration.normalization)
        fourier = configuration.fourier.map { FourierFeatures(input, $0, using: &random) }
        positional = PositionalEncoding(fourier?.outputSpace ?? input, configuration.positional)
        encodedSpace = configuration.shared(positional.outputSpace)
        let hidden = configuration.shared(input).withChannels(
            vectors: configuration.channels, matrices: configuration.matrixChannels)
        matrixType = configuration.matrixType
        stack = []
        for layer in 0..<configuration.depth {
            stack.append(
                EquivariantBlock(
                    from: layer == 0 ? encodedSpace : hidden, to: hidden, configuration.block,
                    bottleneck: configuration.bottleneck, using: &random)
            )
        }
    }

    /// Measures the networks that are trained on, so that every parameter comes in at one scale.
    public mutating func fitNormalization(to networks: Feature) { normalization.fit(to: networks) }

    /// The deviation of each parameter over the training networks.
    var deviations: Tensor { normalization.deviations }

    /// Evaluates the trunk.
    public func callAsFunction(_ networks: Feature) -> Feature {
        var none: RandomSource?
        return self(networks, dropping: &none)
    }

    /// The trunk with dropout drawn from `random`, as in training.
    public func callAsFunction(_ networks: Feature, dropping random: inout RandomSource?) -> Feature {
        let normalized = normalization(networks)
        let encoded = positional(fourier?(normalized) ?? normalized).over(encodedSpace)
        var feature = encoded.storingMatrices(as: matrixType)
        for block in stack { feature = block(feature, dropping: &random) }
        return feature
    }

    /// Visits the blocks' parameters.
    public mutating func visitParameters(_ visit: (String, inout Tensor) throws -> Void) rethrows {
        for index in stack.indices { try stack[index].visitParameters(in: "stack.\(index)", visit) }
    }

    /// Visits the measured statistics and the random projection.
    public mutating func visitBuffers(_ visit: (String, inout Tensor) throws -> Void) rethrows {
        try normalization.visitBuffers(in: "normalization", visit)
        try fourier?.visitBuffers(in: "fourier", visit)
    }
}
