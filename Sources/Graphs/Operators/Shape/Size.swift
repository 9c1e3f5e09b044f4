import Torch

/// The number of elements.
struct Size: Operator {
    static let names = ["Size"]

    init(_ node: Node) throws(GraphError) { try node.requireInputs(1...1) }

    func evaluate(_ inputs: [Tensor?]) throws -> [Tensor] {
        [Tensor([Int64(try inputs.required(0).count)], shape: [])]
    }
}

extension Size {
    var understandsStacks: Bool { true }

    /// The number is known, and no permutation changes it.
    func label(_ inputs: [Value?], in labelling: inout Labelling) throws -> [Value] {
        guard let count = elementCount(try inputs.required(0).shape) else {
            throw OperandError(expected: "a shape", found: "\(try inputs.required(0).shape)")
        }
        return [Value(constant: Tensor([Int64(count)], shape: []))]
    }
}
