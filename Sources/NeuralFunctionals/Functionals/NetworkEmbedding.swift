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

    /// Random features of the networks of a space, with `outputs` numbers each.
    ///
    /// Two layers of few channels, without gradients: a network of tens of millions of weights takes seconds.
    ///
    /// - Throws: what `WeightSpace.sharingFixedAxes(longerThan:)` throws.
    public init(_ space: WeightSpace, outputs: Int = 64) throws {
        var random = RandomSource(seed: 0)
        let trunk = FunctionalConfiguration(
            space: try space.sharingFixedAxes(), fourier: nil, positional: .init(bands: 2), depth: 2, channels: 4,
            matrixChannels: 2, block: .init(isNormalized: false))
        let functional = InvariantFunctional(.init(trunk: trunk, headWidths: [], outputs: outputs), using: &random)
        let features = FeatureSpace(trunk.space, channels: 1)
        let references = withoutGradients {
            (0..<2).map { _ in
                functional(
                    Feature(
                        features.blocks.map { .normal(shape: features.shape(of: $0, batch: 1), using: &random) },
                        over: features))
            }
        }
        self.space = trunk.space
        self.functional = functional
        center = (references[0] + references[1]) / 2
        spread = ((references[0] - references[1]).squared.mean.item / 2).squareRoot()
    }

    /// The vector of a network, float32 `[outputs]`.
    ///
    /// - Input: for every block's parameter an array of its stored shape.
    /// - Throws: ``WeightSpaceError`` when a parameter is missing, has another shape or is not finite.
    public func callAsFunction(_ network: [String: Tensor]) throws -> Tensor {
        var batch: [String: Tensor] = [:]
        for block in space.blocks where batch[block.parameter] == nil {
            let stored = try space.parameter(block, of: network)
            guard stored.isFinite else { throw WeightSpaceError.notFinite(block.parameter) }
            batch[block.parameter] = stored.to(.float32).expandingAxis(0)
        }
        return try withoutGradients {
            let feature = try Feature(networks: batch, of: space).map(Self.standardized)
            return ((functional(feature) - center) / spread).reshaped([-1])
        }
    }

    /// A block with mean zero and deviation one, or zero where all its weights are equal.
    private static func standardized(_ block: Tensor) -> Tensor {
        let mean = block.to(.float64).mean
        let centered = block - mean.to(.float32)
        let deviation = centered.to(.float64).squared.mean.item.squareRoot()
        return deviation > 1e-6 * abs(mean.item) ? centered / deviation : centered * 0
    }
}
