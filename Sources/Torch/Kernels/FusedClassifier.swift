internal import CTorch

/// Image classifiers of one architecture, whose layers pass a few images on to each other in a core's caches: convolutions,
/// the mean over all places or all of them in a row, the channel slowest, and dense layers.
///
/// Hidden layers compute `hₗ = φ(Wₗ hₗ₋₁ + bₗ)`, those with a skip `hₗ₋₁ + φ(Wₗ hₗ₋₁ + bₗ)`; the last is linear. All the work
/// is done on the thread that calls, one network after the other.
public struct FusedClassifier: Sendable {
    /// The nonlinearity φ; `leakyReLU` is `max(x, 0.01 x)`.
    public enum Activation: Sendable { case relu, tanh, sigmoid, gelu, leakyReLU }

    /// A square convolution.
    public struct Convolution: Sendable {
        /// Output channels, the kernel's side, the step between places, and the zeros on each side of the image.
        public var channels, kernel, stride, zeros: Int
        /// Whether the input is added to what is computed.
        public var hasSkip: Bool

        public init(channels: Int, kernel: Int, stride: Int, zeros: Int, hasSkip: Bool) {
            (self.channels, self.kernel, self.stride, self.zeros) = (channels, kernel, stride, zeros)
            self.hasSkip = hasSkip
        }
    }

    private let imageShape: [Int]
    private let convolutions: [Convolution]
    private let isFlattened: Bool
    private let dense: [Int]
    private let activation: Activation

    /// - Input: `imageShape` is channels, height and width, in one row where there are no convolutions; `isFlattened` says
    ///   that dense layers read every place of the last convolution; `dense` are their widths, of which the last is the
    ///   number of classes.
    public init(
        imageShape: [Int], convolutions: [Convolution], isFlattened: Bool, dense: [Int], activation: Activation
    ) {
        self.imageShape = imageShape.count == 3 ? imageShape : [imageShape.reduce(1, *), 1, 1]
        (self.convolutions, self.isFlattened) = (convolutions, isFlattened)
        (self.dense, self.activation) = (dense, activation)
    }

    /// The logarithms, up to a constant, of each class's probability.
    ///
    /// - Input: `parameters` `[networks, parameters]`, in each layer the weights `[outputs, inputs, kernel, kernel]` and then
    ///   the biases; `images` `[images, channels, height, width]`; all float32 on the CPU.
    /// - Output: `[networks, images, classes]`.
    /// - Traps: when shapes or types do not fit.
    public func logits(parameters: Tensor, images: Tensor) -> Tensor {
        let images = images.reshaped([-1] + imageShape)
        return withDescription { classifier in
            Tensor { libtorch.classifier_logits(classifier, parameters.raw, images.raw, $0) }
        }
    }

    /// The mean over images of `−log p(label)`, and its gradients.
    ///
    /// - Input: as for ``logits(parameters:images:)``; `labels` int64 `[images]`; `factors` `[networks, neurons, images]`, by
    ///   which what hidden neurons compute is multiplied, in a convolution all places of a channel alike.
    /// - Output: `losses` float64 `[networks]`, `gradients` `[networks, parameters]`.
    /// - Traps: when shapes, types or labels do not fit.
    public func gradients(
        parameters: Tensor, images: Tensor, labels: Tensor, factors: Tensor?
    ) -> (losses: Tensor, gradients: Tensor) {
        let images = images.reshaped([-1] + imageShape)
        var raw = [ct_tensor?](repeating: nil, count: 2)
        withDescription { classifier in
            withExtendedLifetime(factors) {
                checked {
                    libtorch.classifier_gradients(
                        classifier, parameters.raw, images.raw, labels.raw, factors?.raw, &raw, $0)
                }
            }
        }
        let results = raw.compactMap { $0.map(Tensor.init(owning:)) }
        return (results[0], results[1])
    }

    private func withDescription<Result>(_ body: (ct_classifier) -> Result) -> Result {
        let convolutions = convolutions.map {
            ct_convolution(
                channels: Int64($0.channels), kernel: Int64($0.kernel), stride: Int64($0.stride),
                zeros: Int64($0.zeros), has_skip: $0.hasSkip)
        }
        return withSizes(imageShape) { image in
            withSizes(dense) { dense in
                convolutions.withUnsafeBufferPointer { convolutions in
                    body(
                        ct_classifier(
                            image: image, convolutions: convolutions.baseAddress,
                            convolution_count: convolutions.count, is_flattened: isFlattened, dense: dense,
                            activation: activation.raw))
                }
            }
        }
    }
}

extension FusedClassifier.Activation {
    fileprivate var raw: ct_activation {
        switch self {
        case .relu: CT_RELU
        case .tanh: CT_TANH
        case .sigmoid: CT_SIGMOID
        case .gelu: CT_GELU
        case .leakyReLU: CT_LEAKY_RELU
        }
    }
}
