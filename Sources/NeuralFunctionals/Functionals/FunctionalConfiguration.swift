public import Torch
public import WeightSpaces

/// What the trunk of a functional is made of: which networks it reads and how it computes features of their weights.
public struct FunctionalConfiguration: Hashable, Sendable, Codable {
    /// The networks that are read.
    public var space: WeightSpace
    /// How weights are brought to one scale.
    public var normalization: InputNormalization.Form
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
    /// What features of matrices are stored as between layers: float32, or bfloat16, which halves the memory and rounds
    /// to three digits. Vectors, means, products and parameters are float32 either way.
    public var matrixType: DType
    /// What surrounds each linear layer.
    public var block: EquivariantBlock.Configuration
    /// Where linear maps between many views are of low rank, so that the functional grows with the number of blocks and
    /// not with its square. It changes nothing for networks of a few layers; without one, every layer is complete.
    public var bottleneck: MixingMatrix.Bottleneck?
    /// The most channels that a block has between layers, fixed positions counted. Of a wider one with more than
    /// ``fewPositions`` the first layer reads all positions through as many channels as its weights have
    /// (``PositionJoining``), so that the functional grows with the number of positions and not with its square. Nil where
    /// all positions stay apart.
    public var widestBlock: Int?
    /// Whether the repetitions of a layer share their parameters, so that the functional does not grow with depth: for
    /// networks of more than ten layers or so, or few of them to learn from. Roles come from the names of parameters
    /// (`WeightSpace.role(of:)`); where names tell nothing, nothing is shared.
    public var sharesRoles: Bool

    /// A trunk; matrices have as many channels as vectors unless told otherwise.
    ///
    /// A fixed axis is folded into channels, with parameters for every position; give a space with vocabularies or
    /// pictures as `space.sharingFixedAxes()`. ``widestBlock`` is chosen by ``limitWidth(parameters:)``, again for whoever
    /// changes sizes afterwards.
    public init(
        space: WeightSpace, normalization: InputNormalization.Form = .standard,
        fourier: FourierFeatures.Configuration? = FourierFeatures.Configuration(),
        positional: PositionalEncoding.Configuration = PositionalEncoding.Configuration(), depth: Int = 3,
        channels: Int = 64, matrixChannels: Int? = nil, matrixType: DType = .float32,
        block: EquivariantBlock.Configuration = EquivariantBlock.Configuration(),
        bottleneck: MixingMatrix.Bottleneck? = MixingMatrix.Bottleneck(), sharesRoles: Bool = false
    ) {
        precondition(
            [.float32, .bfloat16].contains(matrixType), "expected matrices of float32 or bfloat16, got \(matrixType)")
        self.space = space
        self.normalization = normalization
        self.fourier = fourier
        self.positional = positional
        self.depth = depth
        self.channels = channels
        self.matrixChannels = matrixChannels ?? channels
        self.matrixType = matrixType
        self.block = block
        self.bottleneck = bottleneck
        self.sharesRoles = sharesRoles
        limitWidth()
    }

    /// Checks what the types leave open.
    ///
    /// - Throws: ``InvalidSetting``.
    func check(against file: StoredNumbers) throws {
        try InvalidSetting.check((0...file.tensors).contains(depth), "depth")
        try file.check(channels, "channels")
        try file.check(matrixChannels, "matrixChannels")
        try InvalidSetting.check([.float32, .bfloat16].contains(matrixType), "matrixType")
        try InvalidSetting.check(rate: block.dropout, "dropout")
        if let bottleneck {
            try file.check(bottleneck.rank, "rank")
            try InvalidSetting.check(bottleneck.views >= 0, "views")
        }
        if let fourier {
            try file.check(fourier.frequencies, "frequencies")
            try InvalidSetting.check(fourier.scale.isFinite, "scale")
        }
        try InvalidSetting.check(widestBlock ?? 1 > 0, "widestBlock")
        try positional.check(space.groups)
        let weights = FeatureSpace(space, channels: 1)
        for block in weights.blocks {
            let axes = block.groups.count { space.groups[$0].isOrdered }
            let encoded = 1 + 2 * (fourier?.frequencies ?? 0) + positional.width * axes
            let (width, overflow) = max(encoded, channels, matrixChannels).multipliedReportingOverflow(
                by: block.fixedCount)
            try InvalidSetting.check(!overflow, "space")
            try file.check(width, "space")
        }
    }

    /// What the layers write.
    var hiddenSpace: FeatureSpace {
        let apart = shared(FeatureSpace(space, channels: 1)).withChannels(vectors: channels, matrices: matrixChannels)
        return widestBlock.map(apart.joiningFixedAxes) ?? apart
    }

    /// Features of the networks, with shared roles if there are any.
    func shared(_ features: FeatureSpace) -> FeatureSpace {
        sharesRoles ? features.sharingRoles(of: space) : features
    }
}
