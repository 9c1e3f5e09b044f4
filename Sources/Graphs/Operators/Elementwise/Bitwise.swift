import Torch

/// A connection of the bits of two integers, or a shift of those of the first by the second, which are broadcast against
/// each other; or the complement of one.
struct Bitwise: Operator {
    /// The operations, under the names of their operators.
    enum Operation: String, CaseIterable {
        case and = "BitwiseAnd"
        case or = "BitwiseOr"
        case xor = "BitwiseXor"
        case not = "BitwiseNot"
        case shift = "BitShift"
    }

    static let names = Operation.allCases.map(\.rawValue)

    /// libtorch's name of what is computed.
    let name: String
    let isUnary: Bool

    init(_ node: Node) throws(GraphError) {
        let operation = try node.operation(among: Operation.self)
        isUnary = operation == .not
        try node.requireInputs(isUnary ? 1...1 : 2...2)
        switch operation {
        case .and: name = "bitwise_and.Tensor"
        case .or: name = "bitwise_or.Tensor"
        case .xor: name = "bitwise_xor.Tensor"
        case .not: name = "bitwise_not"
        case .shift:
            switch try node.text("direction", default: "") {
            case "LEFT": name = "bitwise_left_shift.Tensor"
            case "RIGHT": name = "bitwise_right_shift.Tensor"
            default: throw node.refused("direction", expected: "LEFT or RIGHT")
            }
        }
    }

    func evaluate(_ inputs: [Tensor?]) throws -> [Tensor] {
        let values = try (0..<(isUnary ? 1 : 2)).map(inputs.required)
        guard values.allSatisfy({ !$0.dtype.isFloatingPoint }) else {
            throw OperandError(expected: "integers", found: "\(values)")
        }
        return [try isUnary ? aten(name, values[0]) : aten(name, values[0], values[1])]
    }
}

extension Bitwise {
    /// Axes that are read together are joined.
    func label(_ inputs: [Value?], in labelling: inout Labelling) throws -> [Value] {
        [Value(try labelling.broadcast(inputs.compactMap { $0?.axes }))]
    }
}
