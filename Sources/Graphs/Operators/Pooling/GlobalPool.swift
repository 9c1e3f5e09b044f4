import Torch

/// The mean, the maximum or the norm of each channel, all its axes kept with size one.
struct GlobalPool: Operator {
    /// What is computed, under the names of the operators.
    enum Operation: String, CaseIterable {
        case average = "GlobalAveragePool"
        case maximum = "GlobalMaxPool"
        case norm = "GlobalLpPool"
    }

    static let names = Operation.allCases.map(\.rawValue)

    let operation: Operation
    /// The order of the norm.
    let order: Int

    init(_ node: Node) throws(GraphError) {
        try node.requireInputs(1...1)
        operation = try node.operation(among: Operation.self)
        order = try node.integer("p", default: 2)
    }

    func evaluate(_ inputs: [Tensor?]) throws -> [Tensor] {
        let x = try inputs.required(0).requiringRank(atLeast: 3)
        let axes = Array(2..<x.rank)
        switch operation {
        case .average: return [try aten("mean.dim", x, axes, true)]
        case .maximum: return [try aten("amax", x, axes, true)]
        case .norm: return [try aten("linalg_vector_norm", x, order, axes, true)]
        }
    }
}

extension GlobalPool {
    /// Channels pass through.
    func label(_ inputs: [Value?], in labelling: inout Labelling) throws -> [Value] {
        let x = try inputs.required(0)
        return [Value(x.axes.prefix(2) + x.axes.dropFirst(2).map { _ in .fixed(1) })]
    }
}
