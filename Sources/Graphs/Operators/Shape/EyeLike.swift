import Torch

/// Ones on a diagonal of a matrix that is shaped like the input, and zeros elsewhere.
struct EyeLike: Operator {
    static let names = ["EyeLike"]

    let diagonal: Int
    let kind: NumberKind?

    init(_ node: Node) throws(GraphError) {
        try node.requireInputs(1...1)
        diagonal = try node.integer("k", default: 0)
        kind = try node.numberKind("dtype")
    }

    func evaluate(_ inputs: [Tensor?]) throws -> [Tensor] {
        let x = try inputs.required(0)
        guard x.rank == 2 else { throw OperandError(expected: "a matrix", found: "\(x)") }
        let rows = try aten("arange", x.size(0), DType.int64)
        let columns = try aten("arange", x.size(1), DType.int64)
        let distance = try aten("sub.Tensor", columns, aten("unsqueeze", rows, 1))
        return [try aten("eq.Scalar", distance, diagonal).to(kind?.dtype ?? x.dtype)]
    }
}

extension EyeLike {
    /// Rows and columns are told apart.
    func label(_ inputs: [Value?], in labelling: inout Labelling) throws -> [Value] {
        [Value(try inputs.required(0).shape.map(Label.fixed))]
    }
}
