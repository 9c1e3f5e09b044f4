import Torch

/// A value that is written into the node.
struct Constant: Operator {
    static let names = ["Constant"]

    let value: Tensor

    init(_ node: Node) throws(GraphError) {
        try node.requireInputs(0...0)
        let values = ["value", "value_float", "value_floats", "value_int", "value_ints"]
        let found = values.compactMap { node.attributes[$0] }
        value =
            switch found.first {
            case .tensor(let tensor): NumberKind(tensor.dtype).convert(tensor)
            case .number(let value): Tensor([value], shape: [])
            case .numbers(let values): Tensor(values)
            case .integer(let value): Tensor([Int64(value)], shape: [])
            case .integers(let values): Tensor(values.map(Int64.init))
            default: throw node.refused("value", expected: "a dense tensor or numbers")
            }
    }

    func evaluate(_ inputs: [Tensor?]) throws -> [Tensor] { [value] }
}

extension Constant {
    /// The elements are known.
    func label(_ inputs: [Value?], in labelling: inout Labelling) throws -> [Value] { [Value(constant: value)] }
}
