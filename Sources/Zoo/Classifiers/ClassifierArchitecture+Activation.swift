public import Torch

extension ClassifierArchitecture {
    /// The nonlinearity of a classifier.
    public enum Activation: String, Codable, CaseIterable, Sendable {
        case relu
        /// `tanh x = 2 σ(2x) − 1`
        case tanh
        case sigmoid, gelu
        /// `max(x, 0.01 x)`
        case leakyReLU

        public func callAsFunction(_ x: Tensor) -> Tensor {
            switch self {
            case .relu: Torch.relu(x)
            // libtorch's own takes ten times as long as its σ on processors that are not Intel's.
            case .tanh: Self.logistic(x * 2) * 2 - 1
            case .gelu: Torch.gelu(x)
            case .sigmoid: Self.logistic(x)
            case .leakyReLU: fitting { () throws(DispatchError) in try aten("leaky_relu", x, 0.01) }
            }
        }

        private static func logistic(_ x: Tensor) -> Tensor {
            fitting { () throws(DispatchError) in try aten("sigmoid", x) }
        }
    }
}

/// The result of an operator whose arguments are known to fit.
func fitting<Result>(_ call: () throws(DispatchError) -> Result) -> Result {
    do { return try call() } catch { preconditionFailure("\(error)") }
}
