import Torch

/// `α A B` over the last two axes, either of which may be transposed, alone or together with the axes before them.
struct FusedMatMul: Operator {
    static let names = ["com.microsoft::FusedMatMul", "com.microsoft::TransposeMatMul"]

    /// The order of the axes of one factor.
    private struct Layout {
        let isTransposed: Bool
        /// Whether the first axis takes the place of the last but one, and those between move forward.
        let rotatesBatch: Bool

        func order(_ rank: Int) -> [Int] {
            guard rank > 1 else { return Array(0..<rank) }
            var order = Array(0..<rank)
            if rotatesBatch { order = Array(1..<rank - 1) + [0, rank - 1] }
            if isTransposed { order.swapAt(rank - 2, rank - 1) }
            return order
        }
    }

    let alpha: Double
    private let layouts: [Layout]

    init(_ node: Node) throws(GraphError) {
        try node.requireInputs(2...2)
        alpha = try node.number("alpha", default: 1)
        layouts = [
            Layout(
                isTransposed: try node.truth("transA", default: false),
                rotatesBatch: try node.truth("transBatchA", default: false)),
            Layout(
                isTransposed: try node.truth("transB", default: false),
                rotatesBatch: try node.truth("transBatchB", default: false)),
        ]
    }

    func evaluate(_ inputs: [Tensor?]) throws -> [Tensor] {
        let factors = try (0..<2).map { index in
            let x = try inputs.required(index)
            return try aten("permute", x, layouts[index].order(x.rank))
        }
        return [try aten("mul.Scalar", aten("matmul", factors[0], factors[1]), alpha)]
    }
}

extension FusedMatMul {
    /// What ``MatMul`` does with the axes in the order in which they are multiplied.
    func label(_ inputs: [Value?], in labelling: inout Labelling) throws -> [Value] {
        let factors = try (0..<2).map { index in
            let x = try inputs.required(index)
            return try x.rearranged(layouts[index].order(x.rank))
        }
        return try MatMul(Node("MatMul", inputs: ["a", "b"], outputs: [])).label(factors, in: &labelling)
    }
}
