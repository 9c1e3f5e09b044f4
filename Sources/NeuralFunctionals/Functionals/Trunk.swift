public import Torch

/// The equivariant part that every functional begins with: normalise, encode, join the positions of blocks that would be too
/// wide, and a stack of equivariant blocks.
public struct Trunk: FeatureLayer {
    private var normalization: InputNormalization
    private var fourier: FourierFeatures?
    private let positional: PositionalEncoding
    /// What the positional encoding writes, in the roles that the blocks share.
    private let encodedSpace: FeatureSpace
    private var joining: PositionJoining?
    private let matrixType: DType
    /// The equivariant blocks, first to last.
    public private(set) var stack: [EquivariantBlock]

    /// One channel for every weight.
    public var inputSpace: FeatureSpace { normalization.inputSpace }
    /// What the last block writes.
    public var outputSpace: FeatureSpace { stack.last?.outputSpace ?? joining?.outputSpace ?? encodedSpace }
    /// How many networks are best computed together.
    var networksPerPart: Int {
        min(outputSpace.networksPerPart, joining?.inputSpace.networksPerPart ?? .max)
    }

    /// A trunk with random weights.
    public init(_ configuration: FunctionalConfiguration, using random: inout RandomSource) {
        let input = FeatureSpace(configuration.space, channels: 1)
        normalization = InputNormalization(input, configuration.normalization)
        fourier = configuration.fourier.map { FourierFeatures(input, $0, using: &random) }
        positional = PositionalEncoding(fourier?.outputSpace ?? input, configuration.positional)
        encodedSpace = configuration.shared(positional.outputSpace)
        let hidden = configuration.hiddenSpace
        joining = PositionJoining(encodedSpace, joining: hidden, using: &random)
        matrixType = configuration.matrixType
        stack = []
        for layer in 0..<configuration.depth {
            stack.append(
                EquivariantBlock(
                    from: layer == 0 ? joining?.outputSpace ?? encodedSpace : hidden, to: hidden, configuration.block,
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
        var feature = (joining?(encoded) ?? encoded).storingMatrices(as: matrixType)
        for block in stack { feature = block(feature, dropping: &random) }
        return feature
    }

    /// What the first layer reads of one block of one network.
    ///
    /// - Parameter weights: `[1, permuted axes…, F]`.
    /// - Traps: with Fourier features.
    func encoded(_ weights: Tensor, ofBlock index: Int) -> BlockValues {
        precondition(fourier == nil, "expected a trunk without Fourier features")
        let values = positional(.stored(normalization(weights, ofBlock: index)), ofBlock: index)
        return joining?(values, ofBlock: index) ?? values
    }

    /// Visits the parameters of joined positions, then the blocks'.
    public mutating func visitParameters(_ visit: (String, inout Tensor) throws -> Void) rethrows {
        try joining?.visitParameters(in: "joining", visit)
        for index in stack.indices { try stack[index].visitParameters(in: "stack.\(index)", visit) }
    }

    /// Visits the measured statistics and the random projection.
    public mutating func visitBuffers(_ visit: (String, inout Tensor) throws -> Void) rethrows {
        try normalization.visitBuffers(in: "normalization", visit)
        try fourier?.visitBuffers(in: "fourier", visit)
    }
}
