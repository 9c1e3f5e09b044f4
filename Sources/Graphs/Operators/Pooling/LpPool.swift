import Torch

/// `(Σ|x|^p)^(1/p)` over the elements in each place of a window.
struct LpPool: Operator {
    static let names = ["LpPool"]

    let window: Window
    let order: Int

    init(_ node: Node) throws(GraphError) {
        try node.requireInputs(1...1)
        window = try Window(node)
        order = try node.integer("p", default: 2)
        guard order > 0 else { throw node.refused("p", expected: "a positive integer") }
    }

    func evaluate(_ inputs: [Tensor?]) throws -> [Tensor] {
        let x = try inputs.required(0).requiringRank(atLeast: 3)
        let placed = try window.placed(on: Array(x.shape.dropFirst(2)))
        let sums = try placed.sums(aten("pow.Tensor_Scalar", aten("abs", x), order))
        return [try aten("pow.Tensor_Scalar", sums, 1 / Double(order))]
    }
}

extension LpPool {
    /// Channels pass through; places stay where they are.
    func label(_ inputs: [Value?], in labelling: inout Labelling) throws -> [Value] {
        let x = try inputs.required(0)
        let placed = try window.placed(on: Array(x.shape.dropFirst(2)))
        return [Value(x.axes.prefix(2) + labelling.places(x.axes.dropFirst(2), placed))]
    }
}
