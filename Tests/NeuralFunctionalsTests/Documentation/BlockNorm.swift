import NeuralFunctionals
import Torch

/// Divides each block of a network by its root mean square and multiplies it by one learned number.
///
/// `y_t = γ_t · x_t / √(mean(x_t²) + ε)`, with the mean over all axes of the block but the batch.
struct BlockNorm: FeatureLayer {
    let inputSpace: FeatureSpace
    private(set) var gains: [Tensor]

    var outputSpace: FeatureSpace { inputSpace }

    init(_ space: FeatureSpace) {
        inputSpace = space
        gains = space.blocks.map { _ in .ones([1]) }
    }

    func callAsFunction(_ feature: Feature) -> Feature {
        precondition(feature.space == inputSpace, "expected a feature over the layer's input space")
        return Feature(
            zip(feature.blocks, gains).map { x, gain in
                let meanSquare = x.squared.mean(Array(1..<x.rank), keepingAxes: true)
                return gain * x / sqrt(meanSquare + 1e-5)
            }, over: inputSpace)
    }

    mutating func visitParameters(_ visit: (String, inout Tensor) throws -> Void) rethrows {
        for index in gains.indices { try visit("\(index).gain", &gains[index]) }
    }
}
