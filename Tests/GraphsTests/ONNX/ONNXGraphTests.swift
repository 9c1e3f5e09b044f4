import Foundation
import Testing
import Torch
import WeightSpaces

@testable import Graphs

@Suite("Graphs of ONNX files")
struct ONNXGraphTests {
    @Test("a graph has the file's inputs, outputs, nodes, weights and constants")
    func parts() throws {
        let graph = try ONNXModelProto.linear.opened().graph
        #expect(graph.inputs == [.init(name: "x", shape: [nil, 3], dtype: .float32)])
        #expect(graph.outputs == ["y"])
        #expect(graph.nodes.map(\.operation) == ["Gemm", "Reshape"])
        #expect(graph.nodes[0].inputs == ["x", "w", "b"])
        #expect(graph.nodes[0].version == 20)
        #expect(try graph.nodes[0].integer("transB") == 1)
        #expect(graph.parameters.map(\.name) == ["w", "b"])
        #expect(graph.parameters.map(\.shape) == [[2, 3], [2]])
        #expect(graph.constants.keys.sorted() == ["shape"])
        #expect(graph.constants["shape"]?.elements(as: Int64.self) == [-1, 2])
    }

    @Test("an initializer that is listed among the inputs is no input")
    func initializersAmongInputs() throws {
        var model = ONNXModelProto.linear
        model.graph.input.append(.init("w", [2, 3]))
        let graph = try model.opened().graph
        #expect(graph.inputs.map(\.name) == ["x"])
        #expect(graph.parameters.map(\.name) == ["w", "b"])
    }

    @Test("integers that a node dequantises are weights, others constants")
    func quantizedWeights() throws {
        let zero: ONNXTensorProto = .init("zero", [3], integers: [0, 0, 0])
        var bias = ONNXTensorProto("bias", [3], type: 6)
        bias.int32Data = [-700, 5, 70_000]
        let graph = try ONNXModelProto(
            [.init("DequantizeLinear", ["bias", "scale"], ["b"]), .init("Add", ["x", "b"], ["y"])],
            [bias, .init("scale", [3], floats: [1, 2, 3]), zero]
        ).opened().graph
        #expect(graph.parameters.map(\.name) == ["bias", "scale"])
        #expect(graph.constants.isEmpty)
        bias.name = "other"
        let plain = try ONNXModelProto([.init("Add", ["x", "other"], ["y"])], [bias]).opened().graph
        #expect(plain.parameters.isEmpty)
        #expect(plain.constants["other"]?.elements(as: Int64.self) == [-700, 5, 70_000])
    }

    @Test("a weight that nobody reads is an entry of the file, but no parameter of the graph")
    func unreadWeights() throws {
        var model = ONNXModelProto.linear
        model.graph.initializer.append(.init("unread", [1], floats: [0]))
        let file = try model.opened()
        #expect(file.entries.map(\.name) == ["w", "b", "shape", "unread"])
        #expect(file.graph.parameters.map(\.name) == ["w", "b"])
    }

    @Test("nodes come after those that they read, and keep the file's order where that holds already")
    func order() throws {
        let nodes: [ONNXNodeProto] = [
            .init("Add", ["a", "b"], ["y"]), .init("Relu", ["c"], ["a"]), .init("Relu", ["x"], ["c"]),
            .init("Tanh", ["x"], ["b"]),
        ]
        let sorted = try ONNXModelProto(nodes).opened().graph.nodes
        #expect(sorted.map(\.outputs) == [["c"], ["a"], ["b"], ["y"]])
        let kept: [ONNXNodeProto] = [nodes[3], nodes[2], nodes[1], nodes[0]]
        #expect(try ONNXModelProto(kept).opened().graph.nodes.map(\.outputs) == [["b"], ["c"], ["a"], ["y"]])
    }

    @Test("operators outside ONNX's own set carry their domain and its version")
    func domains() throws {
        let graph = try ONNXModelProto([
            .init("Gelu", ["x"], ["a"], domain: "com.example"), .init("Gelu", ["a"], ["y"], domain: "ai.onnx"),
        ]).opened().graph
        #expect(graph.nodes.map(\.operation) == ["com.example::Gelu", "Gelu"])
        #expect(graph.nodes.map(\.version) == [3, 20])
    }

    @Test("inputs and results that are left out are nil")
    func leftOut() throws {
        let graph = try ONNXModelProto([.init("Clip", ["x", "", "x"], ["y", ""])]).opened().graph
        #expect(graph.nodes[0].inputs == ["x", nil, "x"])
        #expect(graph.nodes[0].outputs == ["y", nil])
    }

    @Test("every form of a Constant is a weight or a constant of the graph")
    func constants() throws {
        let settings: [ONNXAttributeProto] = [
            .init("value", tensor: .init("", [2], floats: [1.5, 2])),
            .init("value_float", type: 1) { $0.f = 2.5 }, .init("value_floats", type: 6) { $0.floats = [1, 2] },
            .init("value_int", integer: -7), .init("value_ints", type: 7) { $0.ints = [3, 4, 5] },
            .init("value", tensor: .init("", [1, 1], floats: [3])),
        ]
        let nodes = settings.enumerated().map { ONNXNodeProto("Constant", [], ["c\($0)"], [$1]) }
        let readers = settings.indices.map { ONNXNodeProto("Mul", ["x", "c\($0)"], ["y\($0)"]) }
        let file = try ONNXModelProto(nodes + readers + [.init("Relu", ["x"], ["y"])]).opened()
        let graph = file.graph
        #expect(graph.nodes.count == readers.count + 1)
        #expect(graph.parameters.map(\.name) == ["c0", "c2"])
        #expect(graph.parameters.map(\.shape) == [[2], [2]])
        #expect(graph.parameters == file.entries)
        #expect(try file.floats("c0") == [1.5, 2] && file.floats("c2") == [1, 2])
        #expect(graph.constants.keys.sorted() == ["c1", "c3", "c4", "c5"])
        #expect(graph.constants["c1"]?.elements(as: Float.self) == [2.5])
        #expect(graph.constants["c3"]?.elements(as: Int64.self) == [-7])
        #expect(graph.constants["c4"]?.elements(as: Int64.self) == [3, 4, 5])
        #expect(graph.constants["c5"]?.shape == [1, 1])
    }

    @Test("integers of every width become int64, booleans stay what they are")
    func integers() throws {
        var tensors: [ONNXTensorProto] = []
        for (code, name): (Int32, String) in [(5, "i16"), (6, "i32"), (4, "u16"), (9, "bool")] {
            var tensor = ONNXTensorProto(name, [2], type: code)
            tensor.int32Data = [1, name.hasPrefix("i") ? -3 : 0]
            tensors.append(tensor)
        }
        let nodes = tensors.map { ONNXNodeProto("Identity", [$0.name], ["of \($0.name)"]) }
        let graph = try ONNXModelProto(nodes + [.init("Relu", ["x"], ["y"])], tensors).opened().graph
        #expect(graph.parameters.isEmpty)
        #expect(graph.constants["i16"]?.elements(as: Int64.self) == [1, -3])
        #expect(graph.constants["i32"]?.elements(as: Int64.self) == [1, -3])
        #expect(graph.constants["u16"]?.elements(as: Int64.self) == [1, 0])
        #expect(graph.constants["bool"]?.dtype == .bool)
    }

    @Test("settings keep their kind and value")
    func settings() throws {
        let branch = ONNXGraphProto([.init("Relu", ["x"], ["inner"])], outputs: ["inner"])
        let node = try ONNXModelProto([
            .init(
                "Relu", ["x"], ["y"],
                [
                    .init("f", type: 1) { $0.f = 0.5 }, .init("i", integer: .min),
                    .init("s", type: 3) { $0.s = Data("é".utf8) }, .init("g", graph: branch),
                    .init("t", tensor: .init("", [1], floats: [3])), .init("fs", type: 6) { $0.floats = [1, 2] },
                    .init("is", type: 0) { $0.ints = [1, 2] },
                    .init("ss", type: 8) { $0.strings = [Data("a".utf8), Data()] },
                ])
        ]).opened().graph.nodes[0]
        #expect(try node.number("f", default: 0) == 0.5)
        #expect(try node.integer("i") == .min)
        #expect(try node.text("s", default: "") == "é")
        #expect(try node.integers("is") == [1, 2])
        guard case .numbers([1, 2])? = node.attributes["fs"], case .texts(["a", ""])? = node.attributes["ss"],
            case .tensor(let tensor)? = node.attributes["t"], case .graph(let graph)? = node.attributes["g"]
        else { return #expect(Bool(false), "found \(node.attributes)") }
        #expect(tensor.elements(as: Float.self) == [3])
        #expect(graph.captured == ["x"])
    }

    @Test("a node with a branch comes after what the branch reads, and the branch keeps its numbers as constants")
    func branches() throws {
        let branch = ONNXGraphProto(
            [.init("Add", ["late", "bias"], ["sum"])], [.init("bias", [1], floats: [2])], outputs: ["sum"])
        let graph = try ONNXModelProto([
            .init("If", ["x"], ["y"], [.init("then_branch", graph: branch), .init("else_branch", graph: branch)]),
            .init("Relu", ["x"], ["late"]),
        ]).opened().graph
        #expect(graph.nodes.map(\.operation) == ["Relu", "If"])
        guard case .graph(let inner)? = graph.nodes[1].attributes["then_branch"] else {
            return #expect(Bool(false), "expected a graph")
        }
        #expect(inner.constants["bias"]?.elements(as: Float.self) == [2])
        #expect(inner.parameters.isEmpty)
        #expect(graph.nodes[1].reads == ["x", "late"])
    }
}
