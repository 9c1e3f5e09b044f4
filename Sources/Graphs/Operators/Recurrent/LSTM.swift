import Torch

/// Long short-term memory, with the gates in the order input, output, forget, cell.
///
/// - Source: Hochreiter and Schmidhuber 1997, *Long Short-Term Memory*.
struct LSTM: Operator {
    static let names = ["LSTM"]

    let recurrence: Recurrence
    /// Whether what is forgotten is what the input gate lets in.
    let couplesGates: Bool

    init(_ node: Node) throws(GraphError) {
        try node.requireInputs(3...8)
        recurrence = try Recurrence(node, activations: [.sigmoid, .tanh, .tanh])
        couplesGates = try node.truth("input_forget", default: false)
    }

    func evaluate(_ inputs: [Tensor?]) throws -> [Tensor] {
        let initial = [inputs.optional(5), inputs.optional(6)]
        return try recurrence.evaluate(inputs, gates: 4, initial: initial) { direction, weights, x, states in
            let (state, cell) = (states[0], states[1])
            let sum = try aten("add.Tensor", x, aten("linear", state, weights.recurrent, weights.recurrentBias))
            let gates = try atenResults("chunk", sum, 4, -1)
            let peepholes = try inputs.optional(7).map { all in
                let rows = try aten("reshape", aten("select.int", all, 0, direction), [3, recurrence.hiddenSize])
                return try atenResults("unbind.int", rows)
            }
            /// A gate that looks at a cell through the peephole at `index`.
            func gate(_ value: Tensor, _ index: Int, at cell: Tensor) throws -> Tensor {
                var value = value
                if let peepholes { value = try aten("add.Tensor", value, aten("mul.Tensor", peepholes[index], cell)) }
                return try weights.activations[0](recurrence.clipped(value))
            }
            let input = try gate(gates[0], 0, at: cell)
            let forget = try couplesGates ? aten("rsub.Scalar", input, 1) : gate(gates[2], 2, at: cell)
            let candidate = try weights.activations[1](recurrence.clipped(gates[3]))
            let next = try aten(
                "add.Tensor", aten("mul.Tensor", forget, cell), aten("mul.Tensor", input, candidate))
            let output = try gate(gates[1], 1, at: next)
            return [try aten("mul.Tensor", output, weights.activations[2](next)), next]
        }
    }
}

extension LSTM {
    var understandsStacks: Bool { true }

    func label(_ inputs: [Value?], in labelling: inout Labelling) throws -> [Value] {
        try recurrence.label(inputs, gates: 4, states: 2, extras: [5, 6, 7], in: &labelling)
    }
}
