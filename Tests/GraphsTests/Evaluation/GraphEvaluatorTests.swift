import TestSupport
import Testing
import Torch
import WeightSpaces

@testable import Graphs

@Suite("Evaluation of graphs", .oneThread)
struct GraphEvaluatorTests {
    /// `relu(x Wᵀ + b)`, and the sum of its elements.
    let perceptron = Graph(
        inputs: [Graph.Input(name: "x", shape: [nil, 3], dtype: .float32)], outputs: ["sum", "y"],
        nodes: [
            Node("Gemm", inputs: ["x", "w", "b"], outputs: ["h"], attributes: ["transB": .integer(1)]),
            Node("Relu", inputs: ["h"], outputs: ["y"]),
            Node("ReduceSum", inputs: ["y", "axes"], outputs: ["sum"], attributes: ["keepdims": .integer(0)]),
        ],
        parameters: [
            CheckpointEntry(name: "w", dtype: .float32, shape: [2, 3]),
            CheckpointEntry(name: "b", dtype: .float32, shape: [2]),
        ],
        constants: ["axes": Tensor([0, 1] as [Int32])])
    let parameters = [
        "w": Tensor([1, 2, 3, -1, -2, -3] as [Float], shape: [2, 3]), "b": Tensor([0.5, 1] as [Float]),
    ]
    let x = Tensor([1, 0, -1, 1, 1, 1] as [Float], shape: [2, 3])

    @Test("outputs come in their order, in the type of computation", arguments: [DType.float32, .float64])
    func outputs(dtype: DType) throws {
        let results = try GraphEvaluator(perceptron)
            .evaluate(parameters: parameters, inputs: ["x": x], dtype: dtype)
        #expect(results.map(\.dtype) == [dtype, dtype])
        #expect(results[0].item == 9.5)
        #expect(results[1].to(.float64).elements() == [0.0, 3, 6.5, 0])
    }

    @Test("numbers that operators make take the type of computation") func madeNumbers() throws {
        let graph = Graph(
            inputs: [], outputs: ["y"],
            nodes: [
                Node("ConstantOfShape", inputs: ["shape"], outputs: ["z"]),
                Node("MatMul", inputs: ["z", "w"], outputs: ["y"]),
            ], parameters: [], constants: ["shape": Tensor([1, 2] as [Int64])])
        let result = try GraphEvaluator(graph).evaluate(parameters: parameters, inputs: [:], dtype: .float32)
        #expect(result[0].dtype == .float32)
        #expect(result[0].shape == [1, 3])
    }

    @Test("a branch is chosen by its condition, and reads values of the graph around it", arguments: [true, false])
    func branches(condition: Bool) throws {
        func branch(_ operation: String) -> Graph {
            Graph(
                inputs: [], outputs: ["r"], nodes: [Node(operation, inputs: ["h"], outputs: ["r"])], parameters: [])
        }
        let graph = Graph(
            inputs: [], outputs: ["y"],
            nodes: [
                Node("Neg", inputs: ["x"], outputs: ["h"]),
                Node(
                    "If", inputs: ["c"], outputs: ["y"],
                    attributes: ["then_branch": .graph(branch("Abs")), "else_branch": .graph(branch("Identity"))]),
            ], parameters: [], constants: ["c": Tensor([condition ? 1 : 0] as [Int64]).to(.bool)])
        let result = try GraphEvaluator(graph).evaluate(parameters: [:], inputs: ["x": x], dtype: .float64)
        #expect(result[0].elements() == (condition ? [1.0, 0, 1, 1, 1, 1] : [-1.0, 0, 1, -1, -1, -1]))
    }

    @Test("an unknown operator is refused by name") func unknownOperator() {
        let graph = Graph(
            inputs: [], outputs: [], nodes: [Node("Conjure", inputs: [], outputs: ["y"])], parameters: [])
        #expect(throws: GraphError.unknownOperator("Conjure")) { try GraphEvaluator(graph) }
    }

    @Test("a missing value is refused by name, and the node that reads it") func missingValue() {
        #expect(throws: GraphError.missingValue("b", node: "Gemm")) {
            try GraphEvaluator(perceptron)
                .evaluate(parameters: ["w": parameters["w"]!], inputs: ["x": x], dtype: .float64)
        }
    }

    @Test("values that do not fit are refused with the node and libtorch's words") func misfit() {
        let error = #expect(throws: GraphError.self) {
            try GraphEvaluator(perceptron).evaluate(
                parameters: parameters, inputs: ["x": Tensor.ones([2, 4])], dtype: .float64)
        }
        #expect("\(error!)".contains("Gemm cannot be computed: mm: mat1 and mat2 shapes cannot be multiplied"))
    }

    @Test("a result that the operator does not have is refused") func missingResult() {
        let graph = Graph(
            inputs: [], outputs: ["z"], nodes: [Node("Relu", inputs: ["x"], outputs: ["y", "z"])], parameters: [])
        #expect(throws: GraphError.computation(node: "Relu", reason: "it has 1 results, not 2")) {
            try GraphEvaluator(graph).evaluate(parameters: [:], inputs: ["x": x], dtype: .float64)
        }
    }
}
