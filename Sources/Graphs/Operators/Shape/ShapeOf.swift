import Torch

/// The extents of some successive axes.
struct ShapeOf: Operator {
    static let names = ["Shape"]

    let start: Int
    let end: Int?

    init(_ node: Node) throws(GraphError) {
        try node.requireInputs(1...1)
        start = try node.integer("start", default: 0)
        end = try node.integer("end")
    }

    func evaluate(_ inputs: [Tensor?]) throws -> [Tensor] {
        let x = try inputs.required(0)
        return [Tensor(x.shape[range(of: x.rank)].map(Int64.init))]
    }

    /// The axes whose extents are asked for.
    func range(of rank: Int) -> Range<Int> {
        func place(_ bound: Int) -> Int { min(max(bound < 0 ? max(bound, -rank) + rank : bound, 0), rank) }
        let (first, last) = (place(start), place(end ?? rank))
        return first..<max(first, last)
    }
}

extension ShapeOf {
    var understandsStacks: Bool { true }

    /// Extents are known, and no permutation changes them.
    func label(_ inputs: [Value?], in labelling: inout Labelling) throws -> [Value] {
        let x = try inputs.required(0)
        return [Value(constant: Tensor(x.shape[range(of: x.rank)].map(Int64.init)))]
    }
}
