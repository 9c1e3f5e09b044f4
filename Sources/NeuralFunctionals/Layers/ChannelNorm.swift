public import Torch

/// Layer normalisation over the channels of each weight, with a scale and a shift of its own for every block.
///
/// - Input: a feature over `inputSpace`.
/// - Output: a feature over the same space.
/// - Source: Ba et al. 2016, arXiv:1607.06450; over `F · C` channels as in Zhou et al. 2023, arXiv:2305.13546.
public struct ChannelNorm: FeatureLayer {
    public let inputSpace: FeatureSpace
    /// `[F_t · channels]` per block.
    public private(set) var scales: [Tensor]
    /// `[F_t · channels]` per block.
    public private(set) var shifts: [Tensor]

    public var outputSpace: FeatureSpace { inputSpace }

    /// A layer that starts with scale one and shift zero.
    public init(_ space: FeatureSpace) {
        inputSpace = space
        scales = space.blocks.map { .ones([$0.width]) }
        shifts = space.blocks.map { .zeros([$0.width]) }
    }

    public func callAsFunction(_ feature: Feature) -> Feature {
        precondition(feature.space == inputSpace, "expected a feature over the layer's input space")
        return Feature(
            feature.blocks.indices.map { layerNorm(feature.blocks[$0], scale: scales[$0], shift: shifts[$0]) },
            over: inputSpace)
    }

    public mutating func visitParameters(_ visit: (String, inout Tensor) throws -> Void) rethrows {
        for index in scales.indices {
            try visit("\(index).scale", &scales[index])
            try visit("\(index).shift", &shifts[index])
        }
    }
}
