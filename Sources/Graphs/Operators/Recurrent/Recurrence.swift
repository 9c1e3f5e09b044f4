import Torch

/// What recurrent networks have in common: directions, the layout of their values, and the loop over time.
struct Recurrence: Sendable {
    /// Whether each direction runs from the end.
    let areReversed: [Bool]
    let hiddenSize: Int
    /// Whether the batch is the first axis of the values, instead of time.
    let batchComesFirst: Bool
    /// The bound within which the arguments of activations are kept, if there is one.
    let clip: Double?
    /// The activations of each direction.
    let activations: [[RecurrentActivation]]

    /// - Parameter defaults: the activations of one direction where the node leaves them out.
    init(_ node: Node, activations defaults: [RecurrentActivation.Function]) throws(GraphError) {
        switch try node.text("direction", default: "forward") {
        case "forward": areReversed = [false]
        case "reverse": areReversed = [true]
        case "bidirectional": areReversed = [false, true]
        default: throw node.refused("direction", expected: "forward, reverse or bidirectional")
        }
        hiddenSize = try node.integer("hidden_size", default: 0)
        guard (1...Window.largest).contains(hiddenSize) else {
            throw node.refused("hidden_size", expected: "an integer from 1 to \(Window.largest)")
        }
        batchComesFirst = try node.truth("layout", default: false)
        clip = node.attributes["clip"] == nil ? nil : try node.number("clip", default: 0)
        let all = try RecurrentActivation.all(of: node, defaults: defaults, directions: areReversed.count)
        activations = areReversed.indices.map { Array(all[$0 * defaults.count..<($0 + 1) * defaults.count]) }
    }

    /// The weights of one direction.
    struct Weights {
        /// From the input `[gates · hidden, inputs]`.
        let input: Tensor
        /// From the state `[gates · hidden, hidden]`.
        let recurrent: Tensor
        /// Added to the products with the input, `[gates · hidden]`.
        let inputBias: Tensor
        /// Added to the products with the state.
        let recurrentBias: Tensor
        let activations: [RecurrentActivation]
    }

    /// Runs the network.
    ///
    /// - Parameters:
    ///   - inputs: values `[time, batch, inputs]`, both weights, biases, lengths, and the initial hidden state.
    ///   - initial: the initial states, in the layout of the values; `nil` for zeros.
    ///   - step: the next states from the weights, the products with the input at one time, and the states.
    /// - Returns: the hidden states of all times, then the last states.
    func evaluate(
        _ inputs: [Tensor?], gates: Int, initial: [Tensor?],
        step: (_ direction: Int, Weights, Tensor, [Tensor]) throws -> [Tensor]
    ) throws -> [Tensor] {
        var x = try inputs.required(0)
        guard x.rank == 3 else { throw OperandError(expected: "three axes", found: "\(x)") }
        if batchComesFirst { x = try aten("transpose.int", x, 0, 1) }
        let (time, batch) = (x.size(0), x.size(1))
        var (all, last) = ([Tensor](), initial.map { _ in [Tensor]() })
        for (direction, isReversed) in areReversed.enumerated() {
            let weights = try weights(direction, inputs, gates: gates)
            var states = try initial.map { try state($0, direction, batch: batch, like: x) }
            let products = try aten("linear", x, weights.input, weights.inputBias)
            var hidden: [Tensor] = []
            for moment in isReversed ? Array((0..<time).reversed()) : Array(0..<time) {
                let next = try step(direction, weights, aten("select.int", products, 0, moment), states)
                guard let lengths = inputs.optional(4) else {
                    states = next
                    hidden.append(states[0])
                    continue
                }
                // A sample that has ended keeps its states and shows zeros.
                let isRunning = try aten("unsqueeze", aten("gt.Scalar", lengths, moment), 1)
                states = try zip(states, next).map { try aten("where.self", isRunning, $1, $0) }
                hidden.append(try aten("where.self", isRunning, states[0], aten("zeros_like", states[0])))
            }
            if hidden.isEmpty { throw OperandError(expected: "at least one moment", found: "none") }
            all.append(try aten("stack", isReversed ? hidden.reversed() : hidden, 0))
            for index in states.indices { last[index].append(states[index]) }
        }
        // [time, directions, batch, hidden], or [batch, time, directions, hidden].
        var hidden = try aten("stack", all, 1)
        if batchComesFirst { hidden = try aten("permute", hidden, [2, 0, 1, 3]) }
        return try [hidden] + last.map { try aten("stack", $0, batchComesFirst ? 1 : 0) }
    }

    /// A value within the bound.
    func clipped(_ x: Tensor) throws -> Tensor {
        guard let clip else { return x }
        return try aten("clamp", x, -clip, clip)
    }

    private func weights(_ direction: Int, _ inputs: [Tensor?], gates: Int) throws -> Weights {
        let (input, recurrent) = (try inputs.required(1), try inputs.required(2))
        let rows = gates * hiddenSize
        let expected = [areReversed.count, rows]
        guard input.shape.prefix(2) == expected[...], recurrent.shape == expected + [hiddenSize] else {
            throw OperandError(expected: "weights of shape \(expected + [hiddenSize])", found: "\(input), \(recurrent)")
        }
        let biases = try inputs.optional(3) ?? aten("zeros", [areReversed.count, 2 * rows], input.dtype)
        let halves = try aten("reshape", aten("select.int", biases, 0, direction), [2, rows])
        return try Weights(
            input: aten("select.int", input, 0, direction), recurrent: aten("select.int", recurrent, 0, direction),
            inputBias: aten("select.int", halves, 0, 0), recurrentBias: aten("select.int", halves, 0, 1),
            activations: activations[direction])
    }

    private func state(_ initial: Tensor?, _ direction: Int, batch: Int, like x: Tensor) throws -> Tensor {
        guard let initial else { return try aten("zeros", [batch, hiddenSize], x.dtype) }
        return try aten("select.int", initial, batchComesFirst ? 1 : 0, direction)
    }
}

extension Recurrence {
    /// Neurons are joined through all gates, and stay independent from one direction to the other.
    ///
    /// - Parameter extras: the inputs that hold states or peepholes, all of which end in the neurons.
    func label(
        _ inputs: [Value?], gates: Int, states: Int, extras: [Int], in labelling: inout Labelling
    ) throws -> [Value] {
        let x = try inputs.required(0)
        guard x.rank == 3 else { throw OperandError(expected: "three axes", found: "\(x.shape)") }
        let (time, batch) = batchComesFirst ? (x.axes[1], x.axes[0]) : (x.axes[0], x.axes[1])
        labelling.fix([time])
        if let lengths = inputs.optional(4) { try labelling.unify(lengths.axis(0), batch) }
        let hidden = areReversed.indices.map { _ in labelling.fresh(hiddenSize) }
        let directions = try (1..<inputs.count).map { index in
            try inputs[index].map { try labelling.directions(of: $0, areReversed.count, axis: isState(index) ? 1 : 0) }
        }
        for (direction, neurons) in hidden.enumerated() {
            func axes(_ input: Int) -> [Label]? { input <= directions.count ? directions[input - 1]?[direction] : nil }
            guard let weight = axes(1), let recurrent = axes(2), weight.count == 2, recurrent.count == 2 else {
                throw OperandError(expected: "two weights of three axes", found: "\(inputs.map { $0?.shape ?? [] })")
            }
            try labelling.unify(weight[1], x.axes[2])
            try labelling.unify(recurrent[1], neurons)
            for rows in [weight[0], recurrent[0]] { try labelling.unify(rows, .product([.fixed(gates), neurons])) }
            if let bias = axes(3) { try labelling.unify(bias[0], .product([.fixed(2 * gates), neurons])) }
            for input in extras {
                guard let state = axes(input), let last = state.last else { continue }
                if state.count == 2 { try labelling.unify(state[0], batch) }
                try labelling.unify(last, .product([.fixed(max(1, last.size / hiddenSize)), neurons]))
            }
        }
        let all = hidden.map { batchComesFirst ? [batch, time, $0] : [time, batch, $0] }
        let last = Value(stacking: hidden.map { [batch, $0] }, axis: batchComesFirst ? 1 : 0)
        return [Value(stacking: all, axis: batchComesFirst ? 2 : 1)] + Array(repeating: last, count: states)
    }

    /// Whether an input holds states whose batch comes before the directions.
    private func isState(_ input: Int) -> Bool { batchComesFirst && (input == 5 || input == 6) }
}

extension Labelling {
    /// The labels of each direction's part of a value, without the axis of directions.
    fileprivate mutating func directions(of value: Value, _ count: Int, axis: Int) throws -> [[Label]] {
        guard value.rank > 1, value.shape[axis] == count else { return Array(repeating: value.axes, count: count) }
        if let stack = value.stack, stack.axis == axis { return stack.parts }
        let plain = try merged(value)
        if count > 1 { wantStack(along: plain.axes[axis]) }
        return (0..<count).map { _ in
            var axes = value.constant.map { labels(ofConstant: $0) } ?? plain.axes
            axes.remove(at: axis)
            return axes
        }
    }
}
