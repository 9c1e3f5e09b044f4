import Torch

/// A function of each element, without settings.
struct PointwiseFunction: Operator {
    /// The functions, under the names of their operators.
    enum Function: String, CaseIterable {
        case abs = "Abs"
        case acos = "Acos"
        case acosh = "Acosh"
        case asin = "Asin"
        case asinh = "Asinh"
        case atan = "Atan"
        case atanh = "Atanh"
        case ceil = "Ceil"
        case cos = "Cos"
        case cosh = "Cosh"
        case erf = "Erf"
        case exp = "Exp"
        case floor = "Floor"
        case hardSwish = "HardSwish"
        case isNaN = "IsNaN"
        case log = "Log"
        case mish = "Mish"
        case negative = "Neg"
        case not = "Not"
        case reciprocal = "Reciprocal"
        case relu = "Relu"
        case round = "Round"
        case sigmoid = "Sigmoid"
        case sign = "Sign"
        case sin = "Sin"
        case sinh = "Sinh"
        case softplus = "Softplus"
        case softsign = "Softsign"
        case sqrt = "Sqrt"
        case tan = "Tan"
        case tanh = "Tanh"
    }

    static let names = Function.allCases.map(\.rawValue)

    let function: Function

    init(_ node: Node) throws(GraphError) {
        try node.requireInputs(1...1)
        function = try node.operation(among: Function.self)
    }

    func evaluate(_ inputs: [Tensor?]) throws -> [Tensor] { [try function(inputs.required(0))] }
}

extension PointwiseFunction.Function {
    /// The function of each element.
    func callAsFunction(_ x: Tensor) throws(DispatchError) -> Tensor {
        switch self {
        case .abs, .acos, .acosh, .asin, .asinh, .atan, .atanh, .ceil, .cos, .cosh, .erf, .exp, .floor, .log, .mish,
            .reciprocal, .relu, .round, .sigmoid, .sign, .sin, .sinh, .sqrt, .tan, .tanh:
            try aten(rawValue.lowercased(), x)
        case .hardSwish: try aten("hardswish", x)
        case .isNaN: try aten("isnan", x)
        case .negative: try aten("neg", x)
        case .not: try aten("logical_not", x)
        // log(1 + eˣ) without libtorch's threshold, above which it would return x.
        case .softplus: try aten("logaddexp", x, aten("zeros_like", x))
        case .softsign: try aten("div.Tensor", x, aten("add.Scalar", aten("abs", x), 1))
        }
    }
}

extension PointwiseFunction {
    /// Axes pass through. Sines of a value that no input influences are a table of positions, whose entries differ.
    func label(_ inputs: [Value?], in labelling: inout Labelling) throws -> [Value] {
        let x = try inputs.required(0)
        if !x.dependsOnInputs, function == .sin || function == .cos {
            for label in x.axes { labelling.fix(label, because: "a table of sines tells positions apart") }
        }
        return [Value(x.axes)]
    }
}
