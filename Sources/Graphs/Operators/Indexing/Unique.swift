import Torch

/// The distinct elements, or the distinct slices along an axis: in ascending order, or in that in which they come first.
///
/// - Output: those; where each comes first; which of them each element is; how often each comes.
struct Unique: Operator {
    static let names = ["Unique"]

    let axis: Int?
    let isSorted: Bool

    init(_ node: Node) throws(GraphError) {
        try node.requireInputs(1...1)
        axis = try node.integer("axis")
        isSorted = try node.truth("sorted", default: true)
    }

    func evaluate(_ inputs: [Tensor?]) throws -> [Tensor] {
        let x = try inputs.required(0)
        let axis = try axis.map(x.axis)
        let found =
            try axis.map { try atenResults("unique_dim", x, $0, true, true, true) }
            ?? atenResults("_unique2", x, true, true, true)
        guard found.count == 3 else { throw OperandError(expected: "three results", found: "\(found.count)") }
        let inverse = try aten("reshape", found[1], [-1])
        let places = try aten("arange", inverse.count, DType.int64)
        let start = try aten("full", [found[2].count], inverse.count, DType.int64)
        let first = try aten("scatter_reduce.two", start, 0, inverse, places, "amin")
        if isSorted { return [found[0], first, inverse, found[2]] }
        let order = try aten("argsort", first)
        return try [
            aten("index_select", found[0], axis ?? 0, order), aten("index_select", first, 0, order),
            aten("index_select", aten("argsort", order), 0, inverse), aten("index_select", found[2], 0, order),
        ]
    }
}

extension Unique {
    /// How many elements are distinct depends on data, unless the input is known.
    func label(_ inputs: [Value?], in labelling: inout Labelling) throws -> [Value] {
        try evaluate([inputs.required(0).known()]).map(Value.init(constant:))
    }
}
