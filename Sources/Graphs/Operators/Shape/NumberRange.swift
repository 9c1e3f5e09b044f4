import Torch

/// The numbers from a first one to a limit that is not reached, at equal distances.
struct NumberRange: Operator {
    static let names = ["Range"]

    init(_ node: Node) throws(GraphError) { try node.requireInputs(3...3) }

    func evaluate(_ inputs: [Tensor?]) throws -> [Tensor] {
        let (first, limit, distance) = (try inputs.required(0), try inputs.required(1), try inputs.required(2))
        let (start, end, step) = (try first.scalar(), try limit.scalar(), try distance.scalar())
        let count = ((end - start) / step).rounded(.up)
        guard step != 0, count <= Double(Tensor.largestCount) else {
            throw OperandError(expected: "at most \(Tensor.largestCount) numbers", found: "\(start), \(end), \(step)")
        }
        let places = try aten("arange", Int(max(0, count)), first.dtype)
        return [try aten("add.Tensor", aten("mul.Tensor", places, distance), first)]
    }
}

extension NumberRange {
    /// How many numbers there are must be known.
    func label(_ inputs: [Value?], in labelling: inout Labelling) throws -> [Value] {
        try evaluate(inputs.map { try $0?.known() }).map(Value.init(constant:))
    }
}
