import Torch

/// A function of each element with numbers as settings.
struct ParametricActivation: Operator {
    /// The functions, under the names of their operators.
    enum Function: String, CaseIterable {
        case celu = "Celu"
        case elu = "Elu"
        case hardSigmoid = "HardSigmoid"
        case leakyRelu = "LeakyRelu"
        case quickGelu = "com.microsoft::QuickGelu"
        case selu = "Selu"
        case shrink = "Shrink"
        case swish = "Swish"
        case thresholdedRelu = "ThresholdedRelu"

        /// The settings, with the values that they have where the file leaves them out.
        var settings: [(name: String, absent: Double)] {
            switch self {
            case .celu, .elu, .swish, .thresholdedRelu: [("alpha", 1)]
            case .hardSigmoid: [("alpha", 0.2), ("beta", 0.5)]
            case .leakyRelu: [("alpha", 0.01)]
            case .quickGelu: [("alpha", 1.702)]
            case .selu: [("alpha", 1.6732632423543772), ("gamma", 1.0507009873554805)]
            case .shrink: [("lambd", 0.5), ("bias", 0)]
            }
        }
    }

    static let names = Function.allCases.map(\.rawValue)

    let function: Function
    /// The settings, in the order of ``Function/settings``.
    let settings: [Double]

    init(_ node: Node) throws(GraphError) {
        try node.requireInputs(1...1)
        function = try node.operation(among: Function.self)
        var settings: [Double] = []
        for (name, absent) in function.settings { settings.append(try node.number(name, default: absent)) }
        self.settings = settings
    }

    func evaluate(_ inputs: [Tensor?]) throws -> [Tensor] {
        [try function(inputs.required(0), settings[0], settings.last ?? 0)]
    }
}

extension ParametricActivation.Function {
    /// The function of each element, with its first and its last setting.
    func callAsFunction(_ x: Tensor, _ alpha: Double, _ beta: Double) throws(DispatchError) -> Tensor {
        switch self {
        case .celu: try aten("elu", x, alpha, 1, 1 / alpha)
        case .elu: try aten("elu", x, alpha)
        case .hardSigmoid: try aten("clamp", aten("add.Scalar", aten("mul.Scalar", x, alpha), beta), 0, 1)
        case .leakyRelu: try aten("leaky_relu", x, alpha)
        case .quickGelu, .swish: try aten("mul.Tensor", x, aten("sigmoid", aten("mul.Scalar", x, alpha)))
        case .selu: try aten("elu", x, alpha, beta)
        case .shrink:
            try aten(
                "where.self", aten("lt.Scalar", x, -alpha), aten("add.Scalar", x, beta),
                aten(
                    "where.self", aten("gt.Scalar", x, alpha), aten("sub.Scalar", x, beta), aten("zeros_like", x)))
        case .thresholdedRelu: try aten("threshold", x, alpha, 0)
        }
    }
}

extension ParametricActivation {
    /// Axes pass through.
    func label(_ inputs: [Value?], in labelling: inout Labelling) throws -> [Value] {
        [Value(try inputs.required(0).axes)]
    }
}
