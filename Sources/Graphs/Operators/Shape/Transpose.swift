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
