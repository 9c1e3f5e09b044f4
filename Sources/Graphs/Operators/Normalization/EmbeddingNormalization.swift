import Torch

/// The sum of the rows that tokens, places and segments choose from tables, normalised over the last axis.
///
/// - Input: tokens `[batch, places]`; segments, or none; the tables of tokens, places and segments, the last or none; the
///   scale and the shift `[size]`; a mask `[batch, places]`; the places.
/// - Output: `[batch, places, size]`; how many places the mask keeps `[batch]`; the sum.
struct EmbeddingNormalization: Operator {
    static let names = ["com.microsoft::EmbedLayerNormalization"]

    let epsilon: Double

    init(_ node: Node) throws(GraphError) {
        guard node.inputs.count >= 7, node.inputs.count <= 9 else {
            throw GraphError.inputs(node: node.label, expected: "7 to 9 inputs", found: "\(node.inputs.count)")
        }
        epsilon = try node.number("epsilon", default: 1e-12)
    }

    func evaluate(_ inputs: [Tensor?]) throws -> [Tensor] {
        let tokens = try inputs.required(0).requiringRank(atLeast: 2)
        var sum = try rows(tokens, of: inputs.required(2))
        let places = try inputs.optional(8) ?? aten("unsqueeze", aten("arange", tokens.size(1), DType.int64), 0)
        sum = try aten("add.Tensor", sum, rows(places, of: inputs.required(3)))
        if let segments = inputs.optional(1) {
            sum = try aten("add.Tensor", sum, rows(segments, of: inputs.required(4)))
        }
        let result = try sum.standardized(over: [-1], epsilon: epsilon).affine(
            inputs.required(5), inputs.required(6))
        let kept = try inputs.optional(7).map { try aten("sum.dim_IntList", $0.to(.int64), [-1]) }
        return [result, try kept ?? aten("zeros", [tokens.size(0)], DType.int64), sum]
    }

    private func rows(_ indices: Tensor, of table: Tensor) throws -> Tensor {
        guard table.rank == 2 else { throw OperandError(expected: "a table", found: "\(table)") }
        try checkedShape(indices.shape + [table.size(1)])
        return try aten("embedding", table, indices.indices(into: table.size(0)))
    }
}

extension EmbeddingNormalization {
    /// Rows of the tables are told apart; their columns are joined, with scale and shift.
    func label(_ inputs: [Value?], in labelling: inout Labelling) throws -> [Value] {
        let tokens = try inputs.required(0)
        let size = try inputs.required(5).axis(0)
        try labelling.unify(size, inputs.required(6).axis(0))
        for (index, chooser) in [(2, 0), (3, 8), (4, 1)] {
            guard let table = inputs.optional(index) else { continue }
            labelling.fix([try table.axis(0)])
            try labelling.unify(table.axis(1), size)
            labelling.note(inputs.optional(chooser)?.origin, selectsFrom: table.shape[0])
        }
        var axes = tokens.axes
        guard axes.count == 2 else { throw OperandError(expected: "two axes", found: "\(tokens.shape)") }
        // Places choose rows of a table in order, unless they are given.
        if inputs.optional(8) == nil { labelling.fix([axes[1]]) }
        for index in [1, 7, 8] {
            if let other = inputs.optional(index) { axes = try labelling.broadcast([axes, other.axes]) }
        }
        let sum = Value(axes + [size])
        return [sum, Value([axes[0]]), sum]
    }
}
