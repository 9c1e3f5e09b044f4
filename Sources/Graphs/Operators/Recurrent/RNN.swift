import Torch

/// `h ← f(x Wᵀ + b + h Rᵀ + c)` for each moment.
struct RNN: Operator {
    static let names = ["RNN"]

    let recurrence: Recurrence

    init(_ node: Node) throws(GraphError) {
        try node.requireInputs(3...6)
        recurrence = try Recurrence(node, activations: [.tanh])
    }

    func evaluate(_ inputs: [Tensor?]) throws -> [Tensor] {
        try recurrence.evaluate(inputs, gates: 1, initial: [inputs.optional(5)]) { _, weights, x, states in
            let sum = try aten("add.Tensor", x, aten("linear", states[0], weights.recurrent, weights.recurrentBias))
            return [try weights.activations[0](recurrence.clipped(sum))]
        }
    }
}

extension RNN {
    var understandsStacks: Bool { true }

    func label(_ inputs: [Value?], in labelling: inout Labelling) throws -> [Value] {
        try recurrence.label(inputs, gates: 1, states: 1, extras: [5], in: &labelling)
    }
}
