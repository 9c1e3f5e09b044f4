import Torch

/// Each element as a number of another kind.
///
/// A floating-point type stands for the type of computation: floating-point numbers stay as they are, and others become
/// `float64`. Every integer type stands for `int64`, into which numbers are truncated.
struct Cast: Operator {
    static let names = ["Cast", "CastLike"]

    /// What the elements become; `nil` where the second input says it.
    let kind: NumberKind?

    init(_ node: Node) throws(GraphError) {
        if node.operation == "CastLike" {
            try node.requireInputs(2...2)
            kind = nil
        } else {
            try node.requireInputs(1...1)
            kind = try node.numberKind("to")
            if kind == nil { throw node.refused("to", expected: "an element type") }
        }
    }

    func evaluate(_ inputs: [Tensor?]) throws -> [Tensor] {
        let x = try inputs.required(0)
        if let kind { return [kind.convert(x)] }
        return [try NumberKind(inputs.required(1).dtype).convert(x)]
    }
}

extension Cast {
    var understandsPositions: Bool { kind == .integer }

    /// Axes pass through.
    func label(_ inputs: [Value?], in labelling: inout Labelling) throws -> [Value] {
        let x = try inputs.required(0)
        var result = Value(x.axes)
        result.positions = x.positions
        return [result]
    }
}
