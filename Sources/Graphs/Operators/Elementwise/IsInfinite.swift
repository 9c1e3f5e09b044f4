import Torch

/// Whether each element is infinite, with one of the signs that are looked for.
struct IsInfinite: Operator {
    static let names = ["IsInf"]

    let findsNegative: Bool
    let findsPositive: Bool

    init(_ node: Node) throws(GraphError) {
        try node.requireInputs(1...1)
        findsNegative = try node.truth("detect_negative", default: true)
        findsPositive = try node.truth("detect_positive", default: true)
    }

    func evaluate(_ inputs: [Tensor?]) throws -> [Tensor] {
        let x = try inputs.required(0)
        let found = try [aten("isneginf", x), aten("isposinf", x)]
        return [
            try aten(
                "logical_or", findsNegative ? found[0] : aten("zeros_like", found[0]),
                findsPositive ? found[1] : aten("zeros_like", found[1]))
        ]
    }
}

extension IsInfinite {
    /// Axes pass through.
    func label(_ inputs: [Value?], in labelling: inout Labelling) throws -> [Value] {
        [Value(try inputs.required(0).axes)]
    }
}
