import Torch

/// The determinants of matrices in the last two axes.
struct Determinant: Operator {
    static let names = ["Det"]

    init(_ node: Node) throws(GraphError) { try node.requireInputs(1...1) }

    func evaluate(_ inputs: [Tensor?]) throws -> [Tensor] {
        [try aten("linalg_det", inputs.required(0).requiringRank(atLeast: 2))]
    }
}

extension Determinant {
    /// Rows and columns are joined: `det(P A Pᵀ) = det A`.
    func label(_ inputs: [Value?], in labelling: inout Labelling) throws -> [Value] {
        let axes = try inputs.required(0).axes
        guard axes.count >= 2 else { throw OperandError(expected: "at least two axes", found: "\(axes.count)") }
        try labelling.unify(axes[axes.count - 2], axes[axes.count - 1])
        return [Value(Array(axes.dropLast(2)))]
    }
}
