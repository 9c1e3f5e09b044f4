import Torch

/// The part of each matrix on one side of a diagonal, and zero elsewhere.
struct Triangle: Operator {
    static let names = ["Trilu"]

    let isUpper: Bool

    init(_ node: Node) throws(GraphError) {
        try node.requireInputs(1...2)
        isUpper = try node.truth("upper", default: true)
    }

    func evaluate(_ inputs: [Tensor?]) throws -> [Tensor] {
        let diagonal = try inputs.optional(1)?.integer() ?? 0
        return [try aten(isUpper ? "triu" : "tril", inputs.required(0), diagonal)]
    }
}

extension Triangle {
    /// Rows and columns are told apart.
    func label(_ inputs: [Value?], in labelling: inout Labelling) throws -> [Value] {
        let x = try inputs.required(0)
        labelling.fix(Array(x.axes.suffix(2)))
        return [Value(x.axes)]
    }
}
