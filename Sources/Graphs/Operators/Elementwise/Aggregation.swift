import Torch

/// The smallest, the largest, the sum or the mean of any number of inputs that are broadcast against each other.
struct Aggregation: Operator {
    /// The operations, under the names of their operators.
    enum Operation: String, CaseIterable {
        case minimum = "Min"
        case maximum = "Max"
        case sum = "Sum"
        case mean = "Mean"
    }

    static let names = Operation.allCases.map(\.rawValue)

    let operation: Operation

    init(_ node: Node) throws(GraphError) {
        try node.requireInputs(max(1, node.inputs.count)...Int.max)
        operation = try node.operation(among: Operation.self)
    }

    func evaluate(_ inputs: [Tensor?]) throws -> [Tensor] {
        var result = try inputs.required(0)
        for index in 1..<max(1, inputs.count) {
            let next = try inputs.required(index)
            switch operation {
            case .minimum: result = try aten("minimum", result, next)
            case .maximum: result = try aten("maximum", result, next)
            case .sum, .mean: result = try aten("add.Tensor", result, next)
            }
        }
        return [operation == .mean ? try aten("div.Scalar", result, Double(inputs.count)) : result]
    }
}

extension Aggregation {
    /// Axes that are read together are joined.
    func label(_ inputs: [Value?], in labelling: inout Labelling) throws -> [Value] {
        [Value(try labelling.broadcast(inputs.compactMap { $0?.axes }))]
    }
}
