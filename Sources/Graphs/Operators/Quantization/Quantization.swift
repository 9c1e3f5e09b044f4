import Torch

/// `x / scale + zero`, rounded to even and kept within the bounds of 8-bit integers; one scale, or one for each place
/// of an axis.
struct Quantization: Operator {
    static let names = ["QuantizeLinear"]

    let axis: Int
    /// The type of the result, where the third input does not say it.
    let dtype: DType

    /// To unsigned integers on one scale, unless the third input says otherwise.
    init() { (axis, dtype) = (1, .uint8) }

    init(_ node: Node) throws(GraphError) {
        try node.requireInputs(2...3)
        axis = try node.integer("axis", default: 1)
        try node.refuseBlocks()
        switch try node.integer("output_dtype", default: 0) {
        case 0, 2: dtype = .uint8
        case 3: dtype = .int8
        default: throw node.refused("output_dtype", expected: "8-bit integers")
        }
    }

    func evaluate(_ inputs: [Tensor?]) throws -> [Tensor] {
        let x = try inputs.required(0)
        let zero = inputs.optional(2)
        let target = zero?.dtype ?? dtype
        let bounds: (Int, Int)
        switch target {
        case .uint8: bounds = (0, 255)
        case .int8: bounds = (-128, 127)
        default: throw OperandError(expected: "a zero point of 8 bits", found: "\(target)")
        }
        let scale = try inputs.required(1).alongAxis(axis, of: x)
        var steps = try aten("round", aten("div.Tensor", x, scale))
        if let zero { steps = try aten("add.Tensor", steps, zero.alongAxis(axis, of: x).to(x.dtype)) }
        return [try aten("clamp", steps, bounds.0, bounds.1).to(target)]
    }
}

extension Quantization {
    /// Scales and zero points go with the axis along which they are given.
    func label(_ inputs: [Value?], in labelling: inout Labelling) throws -> [Value] {
        let x = try inputs.required(0)
        for value in inputs.dropFirst().compactMap(\.self) where value.shape.reduce(1, *) > 1 {
            try labelling.unify(x.axis(axis), value.axis(0))
        }
        return [Value(x.axes)]
    }
}
