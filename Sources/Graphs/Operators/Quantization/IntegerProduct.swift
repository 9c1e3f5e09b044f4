import Torch

/// A matrix product or a convolution of integers, each counted from the one that stands for zero.
///
/// - Input: both factors, then the integers that stand for zero in them: one, or in the first factor of a matrix product
///   one for each row, and in the second one for each column or output channel.
struct IntegerProduct: Operator {
    static let names = ["MatMulInteger", "ConvInteger"]

    private let product: any Operator
    /// The axes of both factors along which there may be several zeros.
    private let axes: [Int]

    init(_ node: Node) throws(GraphError) {
        try node.requireInputs(2...4)
        var plain = node
        plain.operation = node.operation == "MatMulInteger" ? "MatMul" : "Conv"
        plain.inputs = Array(node.inputs.prefix(2))
        product = try OperatorCatalog.operation(for: plain)
        axes = node.operation == "MatMulInteger" ? [-2, -1] : [1, 0]
    }

    func evaluate(_ inputs: [Tensor?]) throws -> [Tensor] {
        let factors = try (0..<2).map { index in
            let x = try inputs.required(index).to(.float64)
            guard let zero = inputs.optional(index + 2) else { return x }
            return try aten("sub.Tensor", x, zero.to(.float64).alongAxis(axes[index], of: x))
        }
        return try product.evaluate(factors).map { $0.to(.int64) }
    }
}

extension IntegerProduct {
    /// What the product does; zeros go with the axis along which they are given.
    func label(_ inputs: [Value?], in labelling: inout Labelling) throws -> [Value] {
        for index in 0..<2 {
            guard let zero = inputs.optional(index + 2), zero.shape.reduce(1, *) > 1 else { continue }
            try labelling.unify(inputs.required(index).axis(axes[index]), zero.axis(0))
        }
        return try product.label(Array(inputs.prefix(2)), in: &labelling)
    }
}
