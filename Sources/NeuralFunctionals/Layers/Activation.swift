public import Torch

/// A nonlinearity, applied to every channel of every weight alike.
public enum Activation: String, Sendable, Codable, CaseIterable {
    case relu, gelu, silu, tanh

    public func callAsFunction(_ x: Tensor) -> Tensor {
        switch self {
        case .relu: Torch.relu(x)
        case .gelu: Torch.gelu(x)
        case .silu: Torch.silu(x)
        case .tanh: Torch.tanh(x)
        }
    }

    public func callAsFunction(_ feature: Feature) -> Feature { feature.map { self($0) } }
}
