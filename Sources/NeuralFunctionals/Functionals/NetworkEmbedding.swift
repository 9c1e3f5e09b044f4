public import Torch
public import WeightSpaces

/// A vector of a network that does not depend on the order of its neurons, without training: random features.
///
/// An invariant functional with random weights from a fixed seed reads the network, each block of it brought to mean
/// zero and deviation one. What networks of independent normal weights have in common is subtracted, and their spread is
/// the unit, so that entries are of order one for untrained networks and neither saturate nor vanish.
///
/// Networks of one architecture can be compared by the distance of their vectors: zero for the same network with
/// renumbered neurons, of order `√outputs` for independently initialised ones. The mean and the scale of a whole block
/// are not seen. Vectors of different architectures have equal length but nothing else in common.
public struct NetworkEmbedding: Sendable {
    private let space: WeightSpace
    private let functional: InvariantFunctional
    /// What normal weights give.
    private let center: Tensor
    /// How far they lie apart.
    private let spread: Double

    /// The most channels that a block has, fixed positions counted: those of 64 positions.
    private static let widestBlock = 256

    /// Random features of the networks of a space, with `outputs` numbers each.
    ///
    /// Two layers of few channels, without gradients, a few blocks at a time: a network of a hundred million weights takes
    /// seconds, and the memory of its largest blocks.
    ///
    /// - Throws: ``WeightSpaceError`` when the space has no blocks.
    public init(_ space: WeightSpace, outputs: Int = 64) throws {
        guard !space.blocks.isEmpty else { throw WeightSpaceError.noParameters }
        var random = RandomSource(seed: 0)
        var trunk = FunctionalConfiguration(
            space: space, fourier: nil, positional: .init(bands: 2), depth: 2, channels: 4, matrixChannels: 2,
            block: .init(isNormalized: false))
        trunk.widestBlock = Self.widestBlock
        let functional = InvariantFunctional(.init(trunk: trunk, headWidths: [], outputs: outputs), using: &random)
        let features = FeatureSpace(space, channels: 1)
        let references = withoutGradients {
            (0..<2).map { _ in
                let sources = features.blocks.map { _ in
                    defer { _ = random.next() }
                    return random
                }
                return functional.evaluatingInParts { block in
                    var source = sources[block]
                    return .normal(shape: features.shape(of: features.blocks[block], batch: 1), using: &source)
                }
            }
        }
        self.space = space
        self.functional = functional
        center = (references[0] + references[1]) / 2
        spread = ((references[0] - references[1]).squared.mean.item / 2).squareRoot()
    }

    /// The vector of a network, float32 `[outputs]`.
    ///
    /// - Input: for every block's parameter an array of its stored shape.
    /// - Throws: ``WeightSpaceError`` when a parameter is missing, has another shape or is not finite.
    public func callAsFunction(_ network: [String: Tensor]) throws -> Tensor {
        try self { try space.parameter($0, of: network) }
    }

    /// The vector of a network in a file, of which one parameter at a time is read.
    ///
    /// - Throws: ``WeightSpaceError`` when a parameter is missing, has another shape or is not finite; what reading throws.
    public func callAsFunction(_ checkpoint: any Checkpoint) throws -> Tensor {
        try self { block in
            let alone = try WeightSpace(groups: space.groups, blocks: [block])
            return try space.parameter(block, of: checkpoint.parameters(of: alone))
        }
    }

    private func callAsFunction(_ parameter: (Block) throws -> Tensor) throws -> Tensor {
        try withoutGradients {
            let output = try functional.evaluatingInParts { index in
                let block = space.blocks[index]
                let stored = try parameter(block)
                guard stored.shape == block.shape else {
                    throw WeightSpaceError.shape(block.parameter, expected: block.shape, found: stored.shape)
                }
                guard stored.isFinite else { throw WeightSpaceError.notFinite(block.parameter) }
                return Self.standardized(space.channelsLast(stored.to(.float32).expandingAxis(0), block))
            }
            let vector = ((output - center) / spread).reshaped([-1])
            guard vector.isFinite else { throw WeightSpaceError.notFinite("the network's vector") }
            return vector
        }
    }

    /// A block with mean zero and deviation one, or zero where all its weights are equal.
    private static func standardized(_ block: Tensor) -> Tensor {
        let weights = block.reshaped([-1])
        let parts = stride(from: 0, to: weights.count, by: 1 << 20).map {
            weights.narrowed(0, to: $0..<min($0 + 1 << 20, weights.count))
        }
        let count = Double(weights.count)
        let mean = parts.reduce(0) { $0 + $1.to(.float64).sum.item } / count
        let variance = parts.reduce(0) { $0 + ($1.to(.float64) - mean).squared.sum.item } / count
        let deviation = variance.squareRoot()
        guard deviation > 1e-6 * abs(mean) else { return block * 0 }
        // Beyond these, differences and quotients of float32 overflow or vanish.
        let exact = (1e-30...1e30).contains(deviation) ? block : block.to(.float64)
        return ((exact - mean) / deviation).to(.float32)
    }
}
