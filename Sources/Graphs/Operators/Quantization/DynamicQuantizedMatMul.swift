import Torch

/// A matrix product of the first factor, in 8 bits on a scale between its extrema, and of integers.
///
/// - Input: the first factor; the integers, their scales and their zeros, one or one for each column; a bias.
struct DynamicQuantizedMatMul: Operator {
    static let names = ["com.microsoft::DynamicQuantizeMatMul"]

    private let quantization: DynamicQuantization
    private let product: QuantizedOperator

    init(_ node: Node) throws(GraphError) {
        try node.requireInputs(3...5)
        quantization = try DynamicQuantization(
            Node("DynamicQuantizeLinear", inputs: [node.inputs[0]], outputs: node.outputs))
        let zero = node.inputs.count > 3 ? node.inputs[3] : nil
        let bias = node.inputs.count > 4 ? node.inputs[4] : nil
        product = try QuantizedOperator(
            Node(
                "com.microsoft::MatMulIntegerToFloat", name: node.name,
                inputs: [node.inputs[0], node.inputs[1], "scale", node.inputs[2], "zero", zero, bias],
                outputs: node.outputs))
    }

    func evaluate(_ inputs: [Tensor?]) throws -> [Tensor] {
        let first = try quantization.evaluate([inputs.required(0)])
        return try product.evaluate([
            first[0], inputs.required(1), first[1], inputs.required(2), first[2], inputs.optional(3),
            inputs.optional(4),
        ])
    }
}

extension DynamicQuantizedMatMul {
    /// What ``MatMul`` does; scales and zeros go with the columns.
    func label(_ inputs: [Value?], in labelling: inout Labelling) throws -> [Value] {
        let first = try quantization.label([inputs.required(0)], in: &labelling)
        return try product.label(
            [
                first[0], inputs.required(1), first[1], inputs.required(2), first[2], inputs.optional(3),
                inputs.optional(4),
            ], in: &labelling)
    }
}
