import Torch

/// `(x − mean) / √variance` over some axes.
struct MeanVarianceNormalization: Operator {
    static let names = ["MeanVarianceNormalization"]

    let axes: [Int]

    init(_ node: Node) throws(GraphError) {
        try node.requireInputs(1...1)
        axes = try node.integers("axes") ?? [0, 2, 3]
    }

    func evaluate(_ inputs: [Tensor?]) throws -> [Tensor] {
        let x = try inputs.required(0)
        let axes = try x.axes(axes)
        let centred = try aten("sub.Tensor", x, aten("mean.dim", x, axes, true))
        let deviation = try aten("sqrt", aten("mean.dim", aten("square", centred), axes, true))
        return [try aten("div.Tensor", centred, aten("add.Scalar", deviation, 1e-9))]
    }
}

extension MeanVarianceNormalization {
    /// Axes pass through: norms and averages do not depend on order.
    func label(_ inputs: [Value?], in labelling: inout Labelling) throws -> [Value] {
        [Value(try inputs.required(0).axes)]
    }
}
