import Torch

/// The matrix product over the last two axes, the others broadcast.
struct MatMul: Operator {
    static let names = ["MatMul"]

    init(_ node: Node) throws(GraphError) { try node.requireInputs(2...2) }

    func evaluate(_ inputs: [Tensor?]) throws -> [Tensor] {
        [try aten("matmul", inputs.required(0), inputs.required(1))]
    }
}

extension MatMul {
    /// The last axis of the first and the last but one of the second input are joined; the others pass through.
    func label(_ inputs: [Value?], in labelling: inout Labelling) throws -> [Value] {
        let (a, b) = (try inputs.required(0).axes, try inputs.required(1).axes)
        guard let inner = a.last, !b.isEmpty else { throw OperandError(expected: "at least one axis", found: "none") }
        try labelling.unify(inner, b[max(0, b.count - 2)])
        let batch = try labelling.broadcast([Array(a.dropLast(2)), Array(b.dropLast(2))])
        return [Value(batch + (a.count > 1 ? [a[a.count - 2]] : []) + (b.count > 1 ? [b[b.count - 1]] : []))]
    }
}
