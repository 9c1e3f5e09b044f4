import Torch

/// An operator on integers that stand for real numbers: computed with those, and rounded to 8 bits again.
struct QuantizedOperator: Operator {
    /// Integers with their scale and the one that stands for zero.
    struct Operand {
        /// The inputs that hold them.
        let value: Int
        let scale: Int
        let zero: Int
        /// The axis along which there may be several scales.
        let axis: Int

        init(_ value: Int, _ scale: Int, _ zero: Int, axis: Int = 0) {
            (self.value, self.scale, self.zero, self.axis) = (value, scale, zero, axis)
        }
    }

    /// What an operator computes, and where its inputs stand.
    struct Layout {
        /// The operator on real numbers.
        let operation: String
        let operands: [Operand]
        /// The input that is added, in units of the product of the operands' scales unless it is a real number.
        var summand: Int?
        /// The input that holds the scale of the result, before the one that holds its zero.
        var result: Int?
    }

    private static let layouts: [String: Layout] = {
        let (first, second) = (Operand(0, 1, 2), Operand(3, 4, 5))
        var layouts = [
            "QLinearConv": Layout(operation: "Conv", operands: [first, second], summand: 8, result: 6),
            "QLinearMatMul": Layout(
                operation: "MatMul", operands: [Operand(0, 1, 2, axis: -2), Operand(3, 4, 5, axis: -1)], result: 6),
            "com.microsoft::QGemm": Layout(
                operation: "Gemm", operands: [first, Operand(3, 4, 5, axis: 1)], summand: 6, result: 7),
            "com.microsoft::MatMulIntegerToFloat": Layout(
                operation: "MatMul", operands: [Operand(0, 2, 4, axis: -2), Operand(1, 3, 5, axis: -1)], summand: 6),
        ]
        for name in ["Add", "Mul"] {
            layouts["com.microsoft::QLinear\(name)"] = Layout(
                operation: name, operands: [first, second], result: 6)
        }
        for name in ["AveragePool", "GlobalAveragePool", "LeakyRelu", "Sigmoid", "Softmax"] {
            layouts["com.microsoft::QLinear\(name)"] = Layout(operation: name, operands: [first], result: 3)
        }
        return layouts
    }()

    static let names = layouts.keys.sorted() + ["com.microsoft::QLinearConcat"]

    private let layout: Layout
    private let operation: any Operator

    init(_ node: Node) throws(GraphError) {
        if try node.truth("channels_last", default: false) {
            throw node.refused("channels_last", expected: "0")
        }
        if var layout = Self.layouts[node.operation] {
            if try node.truth("transB", default: false) {
                layout = Layout(
                    operation: layout.operation, operands: [layout.operands[0], Operand(3, 4, 5)],
                    summand: layout.summand, result: layout.result)
            }
            self.layout = layout
        } else {
            let places = stride(from: 2, to: max(3, node.inputs.count), by: 3)
            layout = Layout(
                operation: "Concat", operands: places.map { Operand($0, $0 + 1, $0 + 2) }, result: 0)
        }
        let last = (layout.operands.flatMap { [$0.value, $0.scale] } + [layout.result ?? 0]).max() ?? 0
        for index in layout.operands.flatMap({ [$0.value, $0.scale] }) + (layout.result.map { [$0] } ?? [])
        where index >= node.inputs.count || node.inputs[index] == nil {
            if index == layout.result, layout.operation == "Gemm" { continue }
            throw GraphError.inputs(
                node: node.label, expected: "an input \(index) of at least \(last + 1)",
                found: "\(node.inputs.compactMap(\.self).count) inputs")
        }
        var plain = node
        plain.operation = layout.operation
        let hasSummand = layout.summand.map { $0 < node.inputs.count && node.inputs[$0] != nil } ?? false
        plain.inputs = layout.operands.map { node.inputs[$0.value] }
        if hasSummand, layout.operation != "MatMul" { plain.inputs.append("summand") }
        // The summand's unit has the factor of the product, too.
        if layout.operation == "Gemm" { plain.attributes["beta"] = node.attributes["alpha"] }
        if node.operation.hasPrefix("com.microsoft::") { plain.version = try node.integer("opset", default: 13) }
        operation = try OperatorCatalog.operation(for: plain)
    }

    func evaluate(_ inputs: [Tensor?]) throws -> [Tensor] {
        var reals = try layout.operands.map { operand in
            try Dequantization(axis: operand.axis).evaluate([
                inputs.required(operand.value), inputs.required(operand.scale), inputs.optional(operand.zero),
            ])[0]
        }
        var summand = layout.summand.flatMap(inputs.optional)
        if let integers = summand, !integers.dtype.isFloatingPoint {
            let scales = try layout.operands.map { try inputs.required($0.scale) }
            summand = try aten("mul.Tensor", integers, aten("mul.Tensor", scales[0], scales[1]))
        }
        if let summand, layout.operation != "MatMul" { reals.append(summand) }
        var result = try operation.evaluate(reals)[0]
        if let summand, layout.operation == "MatMul" { result = try aten("add.Tensor", result, summand) }
        guard let place = layout.result, let scale = inputs.optional(place) else { return [result] }
        return try Quantization().evaluate([result, scale, inputs.optional(place + 1)])
    }
}

extension QuantizedOperator {
    /// What the operator on real numbers does; scales and zeros go with the axis along which they are given.
    func label(_ inputs: [Value?], in labelling: inout Labelling) throws -> [Value] {
        var reals: [Value] = []
        for operand in layout.operands {
            reals += try Dequantization(axis: operand.axis).label(
                [inputs.required(operand.value), inputs.required(operand.scale), inputs.optional(operand.zero)],
                in: &labelling)
        }
        let summand = layout.summand.flatMap(inputs.optional)
        if let summand, layout.operation != "MatMul" { reals.append(summand) }
        var result = try operation.label(reals, in: &labelling)[0]
        if let summand, layout.operation == "MatMul" {
            result = Value(try labelling.broadcast([result.axes, summand.axes]))
        }
        guard let place = layout.result, let scale = inputs.optional(place) else { return [result] }
        return try Quantization().label([labelling.merged(result), scale, inputs.optional(place + 1)], in: &labelling)
    }
}
