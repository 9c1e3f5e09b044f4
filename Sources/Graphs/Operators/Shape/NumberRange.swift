import Torch

/// The numbers from a first one to a limit that is not reached, at equal distances.
struct NumberRange: Operator {
    static let names = ["Range"]

    init(_ node: Node) throws(GraphError) { try node.requireInputs(3...3) }

    func evaluate(_ inputs: [Tensor?]) throws -> [Tensor] {
        let (first, distance) = (try inputs.required(0), try inputs.required(2))
        let places = try aten("arange", count(inputs, atMost: Tensor.largestCount), first.dtype)
        return [try aten("add.Tensor", aten("mul.Tensor", places, distance), first)]
    }

    private func count(_ inputs: [Tensor?], atMost most: Int) throws -> Int {
        let numbers = try (0..<3).map { try inputs.required($0).scalar() }
        let count = ((numbers[1] - numbers[0]) / numbers[2]).rounded(.up)
        guard numbers[2] != 0, count <= Double(most) else {
            throw OperandError(expected: "at most \(most) numbers", found: "\(numbers)")
        }
        return Int(max(0, count))
    }
}

extension NumberRange {
    /// How many numbers there are must be known.
    func label(_ inputs: [Value?], in labelling: inout Labelling) throws -> [Value] {
        let bounds = try inputs.map { try $0?.known() }
        _ = try count(bounds, atMost: 1 << 24)
        return try evaluate(bounds).map(Value.init(constant:))
    }
}
