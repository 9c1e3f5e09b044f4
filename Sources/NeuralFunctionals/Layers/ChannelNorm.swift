public import Torch

/// Layer normalisation over the channels of each weight, with a scale and a shift for every role of blocks.
///
/// - Input: a feature over `inputSpace`.
/// - Output: a feature over the same space.
/// - Source: Ba et al. 2016, arXiv:1607.06450; over `F · C` channels as in Zhou et al. 2023, arXiv:2305.13546.
public struct ChannelNorm: FeatureLayer {
    public let inputSpace: FeatureSpace
    /// `[F_t · channels]` per role.
    public private(set) var scales: [Tensor]
    /// `[F_t · channels]` per role.
    public private(set) var shifts: [Tensor]

    private let roleNumbers: [Int]

    public var outputSpace: FeatureSpace { inputSpace }

    /// A layer that starts with scale one and shift zero.
    public init(_ space: FeatureSpace) {
        inputSpace = space
        roleNumbers = space.roleNumbers
        scales = space.roles.map { .ones([$0.width]) }
        shifts = space.roles.map { .zeros([$0.width]) }
    }

    public func callAsFunction(_ feature: Feature) -> Feature { self(feature, activation: nil) }

    /// `activation(norm(x))`, rectified in the same pass.
    func callAsFunction(_ feature: Feature, activation: Activation?) -> Feature {
        precondition(feature.space == inputSpace, "expected a feature over the layer's input space")
        let isRectified = activation == .relu
        let normed = Feature(
            zip(feature.blocks, roleNumbers).map {
                layerNorm($0, scale: scales[$1], shift: shifts[$1], isRectified: isRectified)
            }, over: inputSpace)
        return isRectified ? normed : activation?(normed) ?? normed
    }

    public mutating func visitParameters(_ visit: (String, inout Tensor) throws -> Void) rethrows {
        for index in scales.indices {
            try visit("\(index).scale", &scales[index])
            try visit("\(index).shift", &shifts[index])
        }
    }
}
