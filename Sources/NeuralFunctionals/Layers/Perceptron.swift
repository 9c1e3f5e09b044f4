public import Torch

/// An ordinary multi-layer perceptron over vectors: the head of an invariant functional, and its baseline.
///
/// - Input: `[batch, widths.first]`.
/// - Output: `[batch, widths.last]`.
public struct Perceptron: Module {
    /// `[inputs, outputs]` per layer.
    private var weights: [Tensor]
    private var biases: [Tensor]
    private let activation: Activation
    private let dropout: ChannelDropout

    /// A perceptron with weights and biases from U(±1/√inputs); dropout follows each hidden layer.
    public init(widths: [Int], activation: Activation = .relu, dropout: Double = 0, using random: inout RandomSource) {
        weights = []
        biases = []
        for (inputs, outputs) in zip(widths, widths.dropFirst()) {
            let bound = 1 / Double(inputs).squareRoot()
            weights.append(.uniform(-bound...bound, shape: [inputs, outputs], using: &random))
            biases.append(.uniform(-bound...bound, shape: [outputs], using: &random))
        }
        self.activation = activation
        self.dropout = ChannelDropout(rate: dropout)
    }

    /// Evaluates the layers, with dropout where `random` holds a source.
    public func callAsFunction(_ x: Tensor, dropping random: inout RandomSource?) -> Tensor {
        var x = x
        for layer in weights.indices {
            x = affine(x, weight: weights[layer], bias: biases[layer])
            if layer < weights.count - 1 { x = dropout(activation(x), using: &random) }
        }
        return x
    }

    /// Visits weight and bias of each layer.
    public mutating func visitParameters(_ visit: (String, inout Tensor) throws -> Void) rethrows {
        for index in weights.indices {
            try visit("\(index).weight", &weights[index])
            try visit("\(index).bias", &biases[index])
        }
    }
}
