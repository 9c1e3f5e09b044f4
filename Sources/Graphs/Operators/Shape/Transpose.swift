import Torch

/// The axes in another order, by default in the reverse one.
struct Transpose: Operator {
    static let names = ["Transpose"]

    /// The axis of the input that each axis of the result is.
    let order: [Int]?

    init(_ node: Node) throws(GraphError) {
        try node.requireInputs(1...1)
        order = try node.integers("perm")
    }

    func evaluate(_ inputs: [Tensor?]) throws -> [Tensor] {
        let x = try inputs.required(0)
        return [try aten("permute", x, order ?? (0..<x.rank).reversed())]
    }
}

extension Transpose {
    var understandsStacks: Bool { true }

    /// Axes change places.
    func label(_ inputs: [Value?], in labelling: inout Labelling) throws -> [Value] {
        let x = try inputs.required(0)
        let order = try Graphs.axes(order ?? (0..<x.rank).reversed(), of: x.rank)
        guard order.count == x.rank else { throw OperandError(expected: "\(x.rank) axes", found: "\(order)") }
        return [try x.rearranged(order)]
    }
}
