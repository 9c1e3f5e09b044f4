public import Torch

extension ClassifierArchitecture {
    /// The nonlinearity of a classifier.
    public enum Activation: String, Codable, CaseIterable, Sendable {
        case relu, tanh, sigmoid, gelu
        /// `max(x, 0.01 x)`
        case leakyReLU

        public func callAsFunction(_ x: Tensor) -> Tensor {
            switch self {
            case .relu: Torch.relu(x)
            case .tanh: Torch.tanh(x)
            case .gelu: Torch.gelu(x)
            case .sigmoid: fitting { () throws(DispatchError) in try aten("sigmoid", x) }
            case .leakyReLU: fitting { () throws(DispatchError) in try aten("leaky_relu", x, 0.01) }
            }
        }
    }
}

/// The result of an operator whose arguments are known to fit.
func fitting<Result>(_ call: () throws(DispatchError) -> Result) -> Result {
    do { return try call() } catch { preconditionFailure("\(error)") }
}
