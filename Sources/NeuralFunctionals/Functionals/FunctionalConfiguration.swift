public import WeightSpaces

/// What the trunk of a functional is made of: which networks it reads and how it computes features of their weights.
public struct FunctionalConfiguration: Hashable, Sendable, Codable {
    /// The networks that are read.
    public var space: WeightSpace
    /// Random Fourier features of the weights, if any.
    public var fourier: FourierFeatures.Configuration?
    /// Encodings of ordered neurons; without such neurons in the space they change nothing.
    public var positional: PositionalEncoding.Configuration
    /// How many equivariant layers there are.
    public var depth: Int
    /// Channels of vectors: blocks of at most one permuted axis.
    public var channels: Int
    /// Channels of matrices: blocks of two or more permuted axes.
    public var matrixChannels: Int
    /// What surrounds each linear layer.
    public var block: EquivariantBlock.Configuration

    /// A trunk; matrices have as many channels as vectors unless told otherwise.
    public init(
        space: WeightSpace, fourier: FourierFeatures.Configuration? = FourierFeatures.Configuration(),
        positional: PositionalEncoding.Configuration = PositionalEncoding.Configuration(), depth: Int = 3,
        channels: Int = 64, matrixChannels: Int? = nil,
        block: EquivariantBlock.Configuration = EquivariantBlock.Configuration()
    ) {
        self.space = space
        self.fourier = fourier
        self.positional = positional
        self.depth = depth
        self.channels = channels
        self.matrixChannels = matrixChannels ?? channels
        self.block = block
    }
}
