import Torch

/// An activation inside a recurrent network.
struct RecurrentActivation: Sendable {
    /// The functions, under their names in lower case.
    enum Function: String, Sendable {
        case affine, elu, relu, sigmoid, softplus, softsign, tanh
        case hardSigmoid = "hardsigmoid"
        case leakyRelu = "leakyrelu"
        case scaledTanh = "scaledtanh"
        case thresholdedRelu = "thresholdedrelu"

        /// The numbers `α` and `β` where the node leaves them out; `nil` where the function has none.
        var defaults: (alpha: Double?, beta: Double?) {
            switch self {
            case .relu, .sigmoid, .softplus, .softsign, .tanh: (nil, nil)
            case .affine, .scaledTanh: (1, 0)
            case .elu, .thresholdedRelu: (1, nil)
            case .hardSigmoid: (0.2, 0.5)
            case .leakyRelu: (0.01, nil)
            }
        }
    }

    let function: Function
    let alpha: Double
    let beta: Double

    /// The activations of all directions.
    static func all(
        of node: Node, defaults: [Function], directions: Int
    ) throws(GraphError) -> [RecurrentActivation] {
        var functions = [[Function]](repeating: defaults, count: directions).flatMap(\.self)
        switch node.attributes["activations"] {
        case nil: break
        case .texts(let names) where names.count == functions.count:
            let known = names.compactMap { Function(rawValue: $0.lowercased()) }
            guard known.count == names.count else { fallthrough }
            functions = known
        default: throw node.refused("activations", expected: "\(functions.count) activations")
        }
        var alphas = try node.numbers("activation_alpha")[...]
        var betas = try node.numbers("activation_beta")[...]
        return functions.map { function in
            let (alpha, beta) = function.defaults
            return RecurrentActivation(
                function: function, alpha: alpha.map { alphas.popFirst() ?? $0 } ?? 0,
                beta: beta.map { betas.popFirst() ?? $0 } ?? 0)
        }
    }

    /// The function of each element.
    func callAsFunction(_ x: Tensor) throws(DispatchError) -> Tensor {
        switch function {
        case .affine: return try aten("add.Scalar", aten("mul.Scalar", x, alpha), beta)
        case .elu: return try aten("elu", x, alpha)
        case .hardSigmoid: return try ParametricActivation.Function.hardSigmoid(x, alpha, beta)
        case .leakyRelu: return try aten("leaky_relu", x, alpha)
        case .relu: return try aten("relu", x)
        case .scaledTanh: return try aten("mul.Scalar", aten("tanh", aten("mul.Scalar", x, beta)), alpha)
        case .sigmoid: return try aten("sigmoid", x)
        case .softplus: return try PointwiseFunction.Function.softplus(x)
        case .softsign: return try PointwiseFunction.Function.softsign(x)
        case .tanh: return try aten("tanh", x)
        case .thresholdedRelu: return try aten("threshold", x, alpha, 0)
        }
    }
}

extension Node {
    /// A setting of several numbers, empty where it is left out.
    func numbers(_ name: String) throws(GraphError) -> [Double] {
        switch attributes[name] {
        case nil: return []
        case .numbers(let values): return values
        default: throw refused(name, expected: "numbers")
        }
    }
}
