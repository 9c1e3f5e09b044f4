import TestSupport
import Testing
import Torch
import WeightSpaces

@testable import Graphs

/// Networks whose weights are stored as integers.
@Suite("Symmetries of integers", .oneThread)
struct IntegerSymmetryTests {
    private func bytes(_ shape: [Int], seed: UInt64, _ dtype: DType = .int8, _ range: Range<Int64> = -9..<10) -> Tensor
    {
        var random = RandomSource(seed: seed)
        let count = shape.reduce(1, *)
        return Tensor((0..<count).map { _ in Int64.random(in: range, using: &random) }, shape: shape).to(dtype)
    }

    private func entry(_ name: String, _ tensor: Tensor) -> CheckpointEntry {
        let dtype: StoredDType = tensor.dtype == .int8 ? .int8 : tensor.dtype == .uint8 ? .uint8 : .int32
        return CheckpointEntry(name: name, dtype: dtype, shape: tensor.shape)
    }

    private func graph(
        _ shape: [Int], _ nodes: [Node], _ weights: [String: Tensor], _ others: [CheckpointEntry] = [],
        _ constants: [String: Tensor] = [:]
    ) -> Graph {
        Graph(
            inputs: [Graph.Input(name: "x", shape: shape, dtype: .float32)], outputs: ["y"], nodes: nodes,
            parameters: weights.keys.sorted().map { entry($0, weights[$0]!) } + others, constants: constants)
    }

    @Test("neurons pass products of integers that the input was made into") func dynamic() throws {
        let weights = [
            "w": bytes([3, 6], seed: 1), "zeros": bytes([6], seed: 2), "u": bytes([6, 5], seed: 3),
            "v": bytes([5, 2], seed: 4),
        ]
        let nodes = [
            Node("DynamicQuantizeLinear", inputs: ["x"], outputs: ["i", "scale", "zero"]),
            Node("MatMulInteger", inputs: ["i", "w", "zero", "zeros"], outputs: ["p"]),
            Node("Cast", inputs: ["p"], outputs: ["h"], attributes: ["to": .integer(1)]),
            Node("Mul", inputs: ["h", "scales"], outputs: ["s"]),
            Node(
                "com.microsoft::DynamicQuantizeMatMul", inputs: ["s", "u", "columns", nil, "bias"], outputs: ["g"]),
            Node("com.microsoft::DynamicQuantizeMatMul", inputs: ["g", "v", "one"], outputs: ["y"]),
        ]
        try expectSymmetries(
            of: graph(
                [2, 3], nodes, weights, [.weight("scales", 6), .weight("columns", 5), .weight("bias", 5)],
                ["one": Tensor([0.5], shape: [])]), [5, 6], literals: weights)
    }

    @Test("neurons pass convolutions that give integers back") func convolution() throws {
        let weights = [
            "w": bytes([6, 2, 2, 2], seed: 1), "bias": bytes([6], seed: 2, .int64), "v": bytes([3, 6, 1, 1], seed: 3),
        ]
        let nodes = [
            Node("QuantizeLinear", inputs: ["x", "one", "middle"], outputs: ["i"]),
            Node(
                "QLinearConv", inputs: ["i", "one", "middle", "w", "scales", "zeros", "one", "middle", "bias"],
                outputs: ["h"]),
            Node(
                "com.microsoft::QLinearSigmoid", inputs: ["h", "one", "middle", "one", "middle"], outputs: ["s"]),
            Node(
                "com.microsoft::QLinearAdd", inputs: ["h", "one", "middle", "s", "one", "middle", "one", "middle"],
                outputs: ["g"]),
            Node(
                "QLinearConv", inputs: ["g", "one", "middle", "v", "one", "zero", "one", "middle"], outputs: ["r"]),
            Node("DequantizeLinear", inputs: ["r", "one", "middle"], outputs: ["y"]),
        ]
        let scales = Tensor((1...6).map { Double($0) / 8 })
        var literals = weights
        literals["scales"] = scales
        try expectSymmetries(
            of: graph(
                [1, 2, 4, 4], nodes, weights, [.weight("scales", 6)],
                [
                    "one": Tensor([0.25], shape: []), "middle": Tensor([128] as [Int64], shape: []).to(.uint8),
                    "zero": Tensor([0] as [Int64], shape: []).to(.int8), "zeros": bytes([6], seed: 9, .int8, 0..<1),
                ]), [6], literals: literals)
    }

    @Test("columns of packed weights move with their scales, rows are packed together") func packed() throws {
        let weights = ["w": bytes([6, 2, 8], seed: 1, .uint8, 0..<256), "zeros": bytes([6], seed: 2, .uint8, 0..<256)]
        let nodes = [
            Node(
                "com.microsoft::MatMulNBits", inputs: ["x", "w", "scales", "zeros", nil, "bias"], outputs: ["h"],
                attributes: ["K": .integer(32), "N": .integer(6), "bits": .integer(4), "block_size": .integer(16)]),
            Node("Relu", inputs: ["h"], outputs: ["r"]), Node("MatMul", inputs: ["r", "v"], outputs: ["y"]),
        ]
        try expectSymmetries(
            of: graph(
                [2, 32], nodes, weights, [.weight("scales", 12), .weight("bias", 6), .weight("v", 6, 2)]), [6],
            literals: weights)
    }

    @Test("integers that are added in units of a product are weights") func integerBias() {
        let reads = OperatorCatalog.readsWeightsAsIntegers
        #expect(reads("QLinearConv") && reads("com.microsoft::QGemm") && reads("DequantizeLinear"))
        #expect(!reads("Gather") && !reads("Conv"))
    }
}
