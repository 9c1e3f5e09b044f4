import Torch

/// Gated recurrent units, with the gates in the order update, reset, new.
///
/// - Source: Cho et al., arXiv:1406.1078.
struct GRU: Operator {
    static let names = ["GRU"]

    let recurrence: Recurrence
    /// Whether the reset gate scales the product with the state, instead of the state.
    let resetsAfterProduct: Bool

    init(_ node: Node) throws(GraphError) {
        try node.requireInputs(3...6)
        recurrence = try Recurrence(node, activations: [.sigmoid, .tanh])
        resetsAfterProduct = try node.truth("linear_before_reset", default: false)
    }

    func evaluate(_ inputs: [Tensor?]) throws -> [Tensor] {
        try recurrence.evaluate(inputs, gates: 3, initial: [inputs.optional(5)]) { _, weights, x, states in
            let state = states[0]
            let inputs = try atenResults("chunk", x, 3, -1)
            let rows = try atenResults("chunk", weights.recurrent, 3)
            let biases = try atenResults("chunk", weights.recurrentBias, 3)
            let gates = try (0..<2).map { gate in
                let product = try aten("linear", state, rows[gate], biases[gate])
                return try weights.activations[0](recurrence.clipped(aten("add.Tensor", inputs[gate], product)))
            }
            let product =
                try resetsAfterProduct
                ? aten("mul.Tensor", gates[1], aten("linear", state, rows[2], biases[2]))
                : aten("linear", aten("mul.Tensor", gates[1], state), rows[2], biases[2])
            let new = try weights.activations[1](recurrence.clipped(aten("add.Tensor", inputs[2], product)))
            return [try aten("lerp.Tensor", new, state, gates[0])]
        }
    }
}

extension GRU {
    var understandsStacks: Bool { true }

    func label(_ inputs: [Value?], in labelling: inout Labelling) throws -> [Value] {
        try recurrence.label(inputs, gates: 3, states: 1, extras: [5], in: &labelling)
    }
}
