public import Torch

/// Mixes the channels of each weight by itself: `y_t = x_t M_t + b_t`, with matrices of its own for every block.
///
/// - Input: a feature over `inputSpace`.
/// - Output: a feature over `outputSpace`, which has the same blocks with other channels.
/// - Source: the pointwise layer of Zhou et al. 2023, arXiv:2302.14040, section 4.
public struct ChannelMixing: FeatureLayer {
    public let inputSpace: FeatureSpace
    public let outputSpace: FeatureSpace
    /// `[F_t · channels read, F_t · channels written]` per block.
    public private(set) var matrices: [Tensor]
    /// `[F_t · channels written]` per block.
    public private(set) var biases: [Tensor]

    /// A layer with weights and biases from U(±1/√fan-in).
    public init(_ inputSpace: FeatureSpace, channels: Int, using random: inout RandomSource) {
        let outputSpace = inputSpace.withChannels(channels)
        self.inputSpace = inputSpace
        self.outputSpace = outputSpace
        matrices = []
        biases = []
        for (read, written) in zip(inputSpace.blocks, outputSpace.blocks) {
            let bound = 1 / Double(read.width).squareRoot()
            matrices.append(.uniform(-bound...bound, shape: [read.width, written.width], using: &random))
            biases.append(.uniform(-bound...bound, shape: [written.width], using: &random))
        }
    }

    public func callAsFunction(_ feature: Feature) -> Feature {
        precondition(feature.space == inputSpace, "expected a feature over the layer's input space")
        return Feature(
            zip(feature.blocks, zip(matrices, biases)).map { affine($0, weight: $1.0, bias: $1.1) },
            over: outputSpace)
    }

    public mutating func visitParameters(_ visit: (String, inout Tensor) throws -> Void) rethrows {
        for index in matrices.indices {
            try visit("\(index).weight", &matrices[index])
            try visit("\(index).bias", &biases[index])
        }
    }
}
