import Torch

/// `eˣ / Σeˣ`, its logarithm, or one at the largest element and zero elsewhere.
///
/// Before version 13 all axes from the given one on are taken together.
struct Softmax: Operator {
    /// What is computed, under the names of the operators.
    enum Operation: String, CaseIterable {
        case softmax = "Softmax"
        case logSoftmax = "LogSoftmax"
        case hardmax = "Hardmax"
    }

    static let names = Operation.allCases.map(\.rawValue)

    let operation: Operation
    let axis: Int
    /// Whether all axes from the given one on are taken together.
    let flattens: Bool

    init(_ node: Node) throws(GraphError) {
        try node.requireInputs(1...1)
        operation = try node.operation(among: Operation.self)
        flattens = node.version < 13
        axis = try node.integer("axis", default: flattens ? 1 : -1)
    }

    func evaluate(_ inputs: [Tensor?]) throws -> [Tensor] {
        let x = try inputs.required(0)
        guard flattens else { return [try result(x, x.axis(axis))] }
        let axis = axis == x.rank ? axis : try x.axis(axis)
        let columns = x.shape.dropFirst(axis).reduce(1, *)
        let rows = x.shape.prefix(axis).reduce(1, *)
        return [try aten("reshape", result(aten("reshape", x, [rows, columns]), 1), x.shape)]
    }

    private func result(_ x: Tensor, _ axis: Int) throws -> Tensor {
        switch operation {
        case .softmax: return try aten("softmax.int", x, axis)
        case .logSoftmax: return try aten("log_softmax.int", x, axis)
        case .hardmax:
            let largest = try aten("argmax", x, axis, true)
            return try aten("scatter.value", aten("zeros_like", x), axis, largest, 1.0)
        }
    }
}

extension Softmax {
    /// Axes pass through: the sum does not depend on order.
    func label(_ inputs: [Value?], in labelling: inout Labelling) throws -> [Value] {
        [Value(try inputs.required(0).axes)]
    }
}
