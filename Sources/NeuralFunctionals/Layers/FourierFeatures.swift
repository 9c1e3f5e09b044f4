public import Torch

/// Lifts every weight to sines and cosines of random projections: `x ↦ [x, sin 2πxB, cos 2πxB]`, `B ~ N(0, scale²)`.
///
/// `B` is drawn once and not trained.
///
/// - Input: a feature with `C` channels.
/// - Output: the same blocks with `C + 2 · frequencies` channels.
/// - Source: Tancik et al. 2020, arXiv:2006.10739, section 5; the weights themselves are kept beside them.
public struct FourierFeatures: FeatureLayer {
    /// The number of random projections and their standard deviation.
    public struct Configuration: Hashable, Sendable, Codable {
        public var frequencies: Int
        public var scale: Double

        public init(frequencies: Int = 128, scale: Double = 3) {
            self.frequencies = frequencies
            self.scale = scale
        }
    }

    public let inputSpace: FeatureSpace
    public let outputSpace: FeatureSpace
    /// `2πB`, `[C, frequencies]`.
    public private(set) var projection: Tensor

    /// Random features of a space whose blocks have equally many channels.
    public init(_ space: FeatureSpace, _ configuration: Configuration, using random: inout RandomSource) {
        let channels = space.blocks[0].channels
        precondition(
            space.blocks.allSatisfy { $0.channels == channels }, "expected equally many channels in all blocks")
        inputSpace = space
        outputSpace = space.withChannels(channels + 2 * configuration.frequencies)
        projection =
            .normal(shape: [channels, configuration.frequencies], using: &random) * (2 * .pi * configuration.scale)
    }

    public func callAsFunction(_ feature: Feature) -> Feature {
        precondition(feature.space == inputSpace, "expected a feature over the layer's input space")
        let halfTurns = projection * (1 / Double.pi)
        let lifted = zip(feature.blocks, outputSpace.blocks).map { x, block in
            let isConstant = x.dtype == .float32 && x.device == .cpu && !x.requiresGradient
            if isConstant && x.rank == 4 && halfTurns.size(0) == 1,
                let matrices = FourierMatrices(x, halfTurns: halfTurns)
            {
                return BlockValues.fourier(matrices)
            }
            let flat = x.reshaped([-1, projection.size(0)])
            let channels = isConstant ? Torch.fourierFeatures(flat, halfTurns: halfTurns) : lifting(flat)
            return .stored(channels.reshaped(x.shape.dropLast() + [block.width]))
        }
        return Feature(lifted, over: outputSpace)
    }

    /// - Input: `[weights, C]`
    /// - Output: `[weights, C + 2 · frequencies]`
    private func lifting(_ x: Tensor) -> Tensor {
        let angles = matmul(x, projection)
        return concatenate([x, sin(angles), cos(angles)], axis: -1)
    }

    public mutating func visitParameters(_ visit: (String, inout Tensor) throws -> Void) rethrows {}

    public mutating func visitBuffers(_ visit: (String, inout Tensor) throws -> Void) rethrows {
        try visit("projection", &projection)
    }
}
