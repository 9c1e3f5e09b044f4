import Torch

/// One value in every place of a shape.
struct ConstantOfShape: Operator {
    static let names = ["ConstantOfShape"]

    let value: Double
    let kind: NumberKind

    init(_ node: Node) throws(GraphError) {
        try node.requireInputs(1...1)
        switch node.attributes["value"] {
        case nil: (value, kind) = (0, .real)
        case .tensor(let tensor) where tensor.count == 1: (value, kind) = (tensor.item, NumberKind(tensor.dtype))
        default: throw node.refused("value", expected: "a tensor of one element")
        }
    }

    func evaluate(_ inputs: [Tensor?]) throws -> [Tensor] {
        let shape = try checkedShape(inputs.required(0).integers())
        let scalar: any DispatchArgument = kind == .real ? value : Int(exactly: value) ?? 0
        return [try aten("full", shape, scalar, kind.dtype)]
    }
}

extension ConstantOfShape {
    /// Equal elements may move as they like.
    func label(_ inputs: [Value?], in labelling: inout Labelling) throws -> [Value] {
        let shape = try inputs.required(0).known().integers()
        guard elementCount(shape) != nil else { throw OperandError(expected: "a shape", found: "\(shape)") }
        return [Value(shape.map { labelling.fresh($0) })]
    }
}
