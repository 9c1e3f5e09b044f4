internal import Torch

extension ClassifierArchitecture {
    /// The same computation, and its gradients, in one pass.
    var fused: FusedClassifier {
        FusedClassifier(
            imageShape: imageShape,
            convolutions: convolutions.map {
                .init(
                    channels: $0.channels, kernel: $0.kernel, stride: $0.stride, zeros: $0.zeros, hasSkip: $0.hasSkip)
            }, isFlattened: head == .flatten, dense: dense, activation: activation.fused)
    }
}

extension ClassifierArchitecture.Activation {
    fileprivate var fused: FusedClassifier.Activation {
        switch self {
        case .relu: .relu
        case .tanh: .tanh
        case .sigmoid: .sigmoid
        case .gelu: .gelu
        case .leakyReLU: .leakyReLU
        }
    }
}
