import Foundation
import Testing
import Torch

@testable import Graphs

/// Files that PyTorch's exporter wrote: `mlp.legacy.onnx` and `lstm.legacy.onnx` of `make networks`.
@Suite("Exported ONNX files")
struct ONNXGoldenTests {
    private static func file(_ name: String) throws -> ONNXFile {
        let resources = try #require(Bundle.module.resourceURL)
        return try ONNXFile(resources.appending(path: "Fixtures/\(name).onnx"))
    }

    @Test("a perceptron, with the batch left open")
    func perceptron() throws {
        let file = try Self.file("mlp")
        let input = Graph.Input(name: "input", shape: [nil, 20], dtype: .float32, openExtents: [0: "batch"])
        #expect(file.graph.inputs == [input])
        #expect(file.graph.outputs == ["logits"])
        #expect(file.graph.nodes.map(\.operation) == ["Gemm", "Relu", "Gemm", "Tanh", "Gemm"])
        #expect(file.graph.nodes.allSatisfy { $0.version == 20 })
        #expect(try file.graph.nodes[0].integer("transB") == 1)
        #expect(file.graph.nodes[0].inputs == ["input", "0.weight", "0.bias"])
        #expect(file.graph.parameters == file.entries)
        #expect(
            Dictionary(uniqueKeysWithValues: file.entries.map { ($0.name, $0.shape) }) == [
                "0.weight": [48, 20], "0.bias": [48], "2.weight": [40, 48], "2.bias": [40], "4.weight": [10, 40],
                "4.bias": [10],
            ])
        #expect(try file.floats("0.bias").prefix(2) == [0.01934564672410488, -0.045551300048828125])
        #expect(try file.floats("4.weight").prefix(2) == [-0.15472865104675293, 0.03589652478694916])
        #expect(abs(try file.floats("2.weight").reduce(0.0) { $0 + Double($1) } + 4.147361132563674) < 1e-12)
    }

    @Test("a recurrent layer, with an input left out and constants")
    func recurrent() throws {
        let graph = try Self.file("lstm").graph
        let layer = try #require(graph.nodes.first { $0.operation == "LSTM" })
        #expect(layer.inputs.count == 7)
        #expect(layer.inputs[4] == nil)
        #expect(try layer.integer("hidden_size") == 24)
        // The last is the state of zeros that the layer begins with, a constant's.
        #expect(graph.parameters.map(\.shape) == [[5, 24], [5], [1, 96, 10], [1, 96, 24], [1, 192], [1, 2, 24]])
        #expect(graph.constants.count == 10)
        #expect(graph.constants["/Constant_output_0"]?.elements(as: Int64.self) == [-1])
        #expect(!graph.nodes.contains { $0.operation == "Constant" })
    }
}
