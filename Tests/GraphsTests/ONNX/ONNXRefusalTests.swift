import Foundation
import TestSupport
import Testing
import WeightSpaces

@testable import Graphs

@Suite("What is no sound ONNX file")
struct ONNXRefusalTests {
    private static func open(_ bytes: some Sequence<UInt8>) throws -> ONNXFile {
        try withTemporaryFolder { folder in
            let url = folder.appending(path: "m.onnx")
            try Data(bytes).write(to: url)
            return try ONNXFile(url)
        }
    }

    @Test("nodes that need each other are refused")
    func cycle() {
        let model = ONNXModelProto([.init("Add", ["x", "b"], ["a"]), .init("Relu", ["a"], ["b"])], outputs: ["a"])
        #expect { try model.opened() } throws: { error in
            if case .cycle? = error as? ONNXError { true } else { false }
        }
        let own = ONNXModelProto([.init("Add", ["x", "y"], ["y"])])
        #expect { try own.opened() } throws: { error in
            if case .cycle(_, "Add")? = error as? ONNXError { true } else { false }
        }
    }

    @Test("a chain of any length is no cycle, and needs no stack")
    func chain() throws {
        let nodes = (0..<50_000).reversed().map { ONNXNodeProto("Relu", ["v\($0)"], ["v\($0 + 1)"]) }
        let graph = try ONNXModelProto(nodes, inputs: ["v0"], outputs: ["v50000"]).opened().graph
        #expect(graph.nodes.first?.inputs == ["v0"])
        #expect(graph.nodes.last?.outputs == ["v50000"])
    }

    @Test("a value that nothing writes is named, and so is who reads it")
    func missing() {
        #expect { try ONNXModelProto([.init("Add", ["x", "z"], ["y"])]).opened() } throws: { error in
            if case .missingValue("z", _, "Add")? = error as? ONNXError { true } else { false }
        }
        #expect { try ONNXModelProto([.init("Relu", ["x"], ["h"])]).opened() } throws: { error in
            if case .missingValue("y", _, "the graph's output")? = error as? ONNXError { true } else { false }
        }
        let branch = ONNXGraphProto([.init("Relu", ["z"], ["t"])], outputs: ["t"])
        let model = ONNXModelProto([.init("If", ["x"], ["y"], [.init("then_branch", graph: branch)])])
        #expect { try model.opened() } throws: { error in
            if case .missingValue("z", _, "If")? = error as? ONNXError { true } else { false }
        }
    }

    @Test("a value is written once", arguments: 0..<5)
    func duplicates(which: Int) {
        var model = ONNXModelProto.linear
        switch which {
        case 0: model.graph.initializer.append(.init("w", [1], floats: [0]))
        case 1: model.graph.node.append(.init("Relu", ["x"], ["w"]))
        case 2: model.graph.node.append(.init("Relu", ["x"], ["h"]))
        case 3: model.graph.node.append(.init("Relu", ["h"], ["x"]))
        default: model.graph.input.append(.init("x", [1]))
        }
        let name = ["w", "w", "h", "x", "x"][which]
        #expect { try model.opened() } throws: { error in
            if case .duplicateName(_, name)? = error as? FormatError { true } else { false }
        }
    }

    @Test("a setting is given once")
    func settings() {
        let twice: [ONNXAttributeProto] = [.init("axis", integer: 1), .init("axis", integer: 2)]
        #expect(throws: FormatError.self) { try ONNXModelProto([.init("Softmax", ["x"], ["y"], twice)]).opened() }
    }

    @Test("a file that ends inside its graph is refused, wherever it ends")
    func truncated() throws {
        var model = ONNXModelProto.linear
        model.opsetImport = []
        let whole: Data = try model.serializedBytes()
        #expect(try Self.open(whole).entries.count == 3)
        for count in 1..<whole.count {
            #expect(throws: ONNXError.self, "after \(count) bytes") { try Self.open(whole.prefix(count)) }
        }
    }

    @Test(
        "other files are refused in one line",
        arguments: [
            "", "{}", "PK\u{3}\u{4}", "ONNX", "\0\0\0\0", String(repeating: "a", count: 1_000), "\u{8}\u{7}",
        ])
    func otherFiles(text: String) {
        #expect { try Self.open(text.utf8) } throws: { error in
            let message = "\(error)"
            return message.contains("m.onnx") && !message.contains("\n") && message.utf8.count < 1_000
        }
    }

    @Test("deep nesting is refused before it is decoded", arguments: [22, 100, 5_000])
    func depth(levels: Int) throws {
        func file(_ levels: Int) -> Data {
            Self.field(
                7, (0..<levels).reduce(Data()) { graph, _ in Self.field(1, Self.field(5, Self.field(6, graph))) })
        }
        #expect(try Self.open(file(20)).graph.nodes.count == 1)
        #expect { try Self.open(file(levels)) } throws: { error in
            if case .tooLarge(_, "levels of nesting", MessageCensus.deepest)? = error as? ONNXError {
                true
            } else {
                false
            }
        }
    }

    @Test("more messages than real models have are refused before they are decoded")
    func messages() async {
        await #expect(processExitsWith: .success) {
            let nodes = Data((0..<1 << 21).flatMap { _ in [0x0A, 0x00] as [UInt8] })
            let file = Self.field(7, nodes)
            _ = try ONNXModelProto.linear.opened()
            try limitMemory(toFurther: 16 << 20)
            #expect { try Self.open(file) } throws: { error in
                if case .tooLarge(_, "messages", _)? = error as? ONNXError { true } else { false }
            }
        }
    }

    @Test("the densest file that is read takes bounded memory")
    func densest() async {
        await #expect(processExitsWith: .success) {
            let count = 1 << 21
            let nodes = Data((0..<MessageCensus.limit(for: count) - 8).flatMap { _ in [0x0A, 0x00] as [UInt8] })
            let padding = Self.field(99, Data(repeating: 0, count: count - nodes.count))
            let file = Self.field(7, nodes + padding)
            _ = try ONNXModelProto.linear.opened()
            try limitMemory(toFurther: 96 << 20)
            alarm(60)
            #expect(try Self.open(file).graph.nodes.count == MessageCensus.limit(for: count) - 8)
        }
    }

    @Test("names are kept short, so that comparing them costs little")
    func longNames() async {
        await #expect(processExitsWith: .success) {
            alarm(60)
            let long = String(repeating: "\u{334}\u{315}", count: 1 << 18)
            var models = Array(repeating: ONNXModelProto.linear, count: 6)
            models[0].graph.initializer[0].name = long
            models[1].graph.node[0].input[0] = long
            models[2].graph.node[0].attribute[0].name = long
            models[3].graph.input[0].name = long
            models[4].opsetImport[0].domain = long
            models[5].functions = [.init(long, [], [], [])]
            for model in models {
                #expect { try model.opened() } throws: { error in
                    if case .tooLarge(_, "bytes in a name", 1_024)? = error as? ONNXError { true } else { false }
                }
            }
        }
    }

    @Test("parts of the format that are not known are named")
    func unsupported() {
        var sparse = ONNXModelProto.linear
        sparse.graph.sparseInitializer = [ONNXSparseTensorProto()]
        var sequence = ONNXModelProto.linear
        sequence.graph.input[0].clearType()
        let text = ONNXAttributeProto("value_string", type: 3) { $0.s = Data("a".utf8) }
        let constant = ONNXModelProto([.init("Constant", [], ["c"], [text]), .init("Relu", ["x"], ["y"])])
        let binary = ONNXAttributeProto("s", type: 3) { $0.s = Data([0xFF]) }
        for model in [sparse, sequence, constant, ONNXModelProto([.init("Relu", ["x"], ["y"], [binary])])] {
            #expect { try model.opened() } throws: { error in
                if case .unsupported? = error as? ONNXError { true } else { false }
            }
        }
    }

    /// A field that holds bytes.
    private static func field(_ number: UInt8, _ bytes: Data) -> Data {
        var key = Data(Int(number) < 16 ? [number << 3 | 2] : [number << 3 & 0x7F | 0x80 | 2, number >> 4])
        var count = bytes.count
        while count >= 0x80 {
            key.append(UInt8(count & 0x7F) | 0x80)
            count >>= 7
        }
        key.append(UInt8(count))
        return key + bytes
    }
}
