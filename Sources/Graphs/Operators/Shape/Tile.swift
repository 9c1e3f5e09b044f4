import Torch

/// The input repeated along its axes.
struct Tile: Operator {
    static let names = ["Tile"]

    init(_ node: Node) throws(GraphError) { try node.requireInputs(2...2) }

    func evaluate(_ inputs: [Tensor?]) throws -> [Tensor] {
        let x = try inputs.required(0)
        let repeats = try inputs.required(1).integers()
        guard repeats.count == x.rank, repeats.allSatisfy((0...Tensor.largestCount).contains) else {
            throw OperandError(expected: "\(x.rank) repeats", found: "\(repeats)")
        }
        try checkedShape(x.shape + repeats)
        return [try aten("repeat", x, repeats)]
    }
}

extension Tile {
    /// Copies may change places, and what is copied moves alike in all of them.
    func label(_ inputs: [Value?], in labelling: inout Labelling) throws -> [Value] {
        let x = try inputs.required(0)
        let repeats = try inputs.required(1).known().integers()
        guard repeats.count == x.rank, repeats.allSatisfy((0...Tensor.largestCount).contains) else {
            throw OperandError(expected: "\(x.rank) repeats", found: "\(repeats)")
        }
        return [Value(zip(x.axes, repeats).map { .product(of: [labelling.fresh($1), labelling.resolved($0)]) })]
    }
}
