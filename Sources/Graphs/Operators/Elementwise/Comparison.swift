import Torch

/// A comparison of two inputs, or a connection of two truths, that are broadcast against each other.
struct Comparison: Operator {
    /// The operations, under the names of their operators.
    enum Operation: String, CaseIterable {
        case equal = "Equal"
        case less = "Less"
        case lessOrEqual = "LessOrEqual"
        case greater = "Greater"
        case greaterOrEqual = "GreaterOrEqual"
        case and = "And"
        case or = "Or"
        case xor = "Xor"
    }

    static let names = Operation.allCases.map(\.rawValue)

    let operation: Operation

    init(_ node: Node) throws(GraphError) {
        try node.requireInputs(2...2)
        operation = try node.operation(among: Operation.self)
    }

    func evaluate(_ inputs: [Tensor?]) throws -> [Tensor] {
        let name =
            switch operation {
            case .equal: "eq.Tensor"
            case .less: "lt.Tensor"
            case .lessOrEqual: "le.Tensor"
            case .greater: "gt.Tensor"
            case .greaterOrEqual: "ge.Tensor"
            case .and: "logical_and"
            case .or: "logical_or"
            case .xor: "logical_xor"
            }
        return [try aten(name, inputs.required(0), inputs.required(1))]
    }
}

extension Comparison {
    /// Axes that are read together are joined. What is compared with each of many integers, as in a one-hot encoding,
    /// selects one of them.
    func label(_ inputs: [Value?], in labelling: inout Labelling) throws -> [Value] {
        if operation == .equal, let a = inputs.optional(0), let b = inputs.optional(1) {
            for (indices, table) in [(a, b), (b, a)] {
                guard let known = table.constant, known.count > 0, !known.dtype.isFloatingPoint else { continue }
                if known.count == 1 { labelling.note(indices.origin, isComparedWith: try known.integer()) }
                if known.count < 3 { continue }
                let (least, greatest) = (try aten("min", known).integer(), try aten("max", known).integer())
                if least >= 0, greatest > 1 { labelling.note(indices.origin, selectsFrom: greatest + 1) }
            }
        }
        return [Value(try labelling.broadcast(inputs.compactMap { $0?.axes }))]
    }
}
