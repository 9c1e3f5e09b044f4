import Foundation
import Testing

@testable import Graphs

@Suite("Functions of ONNX files")
struct ONNXFunctionTests {
    /// Scales by a setting, in two steps.
    private static let scale = ONNXFunctionProto(
        "Scale", ["in", "by"], ["out"],
        [
            .init("Cast", ["in"], ["mid"], [.init("to", from: "kind")]),
            .init("Mul", ["mid", "by"], ["out"], [.init("absent", from: "nothing")]),
        ])

    private static func call(_ inputs: [String], _ outputs: [String], kind: Int64? = 1) -> ONNXNodeProto {
        .init(
            "Scale", inputs, outputs, kind.map { [.init("kind", integer: $0)] } ?? [], domain: "com.example")
    }

    @Test("a call becomes the function's nodes, with the call's names and settings")
    func inlined() throws {
        let model = ONNXModelProto(
            [Self.call(["x", ""], ["h"], kind: 7), Self.call(["h", "x"], ["y"])], functions: [Self.scale])
        let nodes = try model.opened().graph.nodes
        #expect(nodes.map(\.operation) == ["Cast", "Mul", "Cast", "Mul"])
        #expect(nodes[0].inputs == ["x"])
        #expect(nodes[1].inputs == [nodes[0].outputs[0], nil])
        #expect(nodes[1].outputs == ["h"])
        #expect(nodes[3].inputs == [nodes[2].outputs[0], "x"])
        #expect(nodes[3].outputs == ["y"])
        #expect(nodes[0].outputs != nodes[2].outputs)
        #expect(try nodes.map { try $0.integer("to") } == [7, nil, 1, nil])
        #expect(nodes[1].attributes.isEmpty)
        #expect(nodes.allSatisfy { $0.version == 18 })
    }

    @Test("a setting that the call leaves out has the function's default")
    func defaults() throws {
        var function = Self.scale
        function.attributeProto = [.init("kind", integer: 11)]
        let model = ONNXModelProto([Self.call(["x", "x"], ["y"], kind: nil)], functions: [function])
        #expect(try model.opened().graph.nodes[0].integer("to") == 11)
    }

    @Test("values inside a function meet no other value, whatever names the graph uses")
    func names() throws {
        let taken = "function.1.Scale/mid"
        let model = ONNXModelProto(
            [.init("Relu", ["x"], [taken]), Self.call([taken, "x"], ["y"])], functions: [Self.scale])
        let nodes = try model.opened().graph.nodes
        #expect(Set(nodes.flatMap(\.outputs)).count == 3)
        #expect(nodes[2].inputs == [nodes[1].outputs[0], "x"])
    }

    @Test("a function may call another, and may give back what it was given")
    func nested() throws {
        let outer = ONNXFunctionProto(
            "Outer", ["a"], ["b", "a"], [.init("Scale", ["a", "a"], ["b"], domain: "com.example")])
        let model = ONNXModelProto(
            [.init("Outer", ["x"], ["y", "same"], domain: "com.example")], functions: [Self.scale, outer])
        let nodes = try model.opened().graph.nodes
        #expect(nodes.map(\.operation).sorted() == ["Cast", "Identity", "Mul"])
        let identity = try #require(nodes.first { $0.operation == "Identity" })
        #expect(identity.inputs == ["x"])
        #expect(identity.outputs == ["same"])
    }

    @Test("a branch inside a function reads the function's values")
    func branch() throws {
        let inner = ONNXGraphProto([.init("Relu", ["hidden"], ["then"])], outputs: ["then"])
        let function = ONNXFunctionProto(
            "Choose", ["a"], ["b"],
            [.init("Neg", ["a"], ["hidden"]), .init("If", ["a"], ["b"], [.init("then_branch", graph: inner)])])
        let model = ONNXModelProto([.init("Choose", ["x"], ["y"], domain: "com.example")], functions: [function])
        let nodes = try model.opened().graph.nodes
        #expect(nodes[1].reads == ["x", try #require(nodes[0].outputs[0])])
    }

    @Test("functions that call themselves are refused")
    func recursion() {
        let one = ONNXFunctionProto("One", ["a"], ["b"], [.init("Two", ["a"], ["b"], domain: "com.example")])
        let two = ONNXFunctionProto("Two", ["a"], ["b"], [.init("One", ["a"], ["b"], domain: "com.example")])
        let model = ONNXModelProto([.init("One", ["x"], ["y"], domain: "com.example")], functions: [one, two])
        #expect { try model.opened() } throws: { error in
            if case .recursion(_, "One")? = error as? ONNXError { true } else { false }
        }
    }

    @Test("calls that stand for too many nodes are refused")
    func doubling() async {
        await #expect(processExitsWith: .success) {
            alarm(60)
            let functions = (0..<30).map { level in
                let next = level == 29 ? "Leaf" : "F\(level + 1)"
                return ONNXFunctionProto(
                    "F\(level)", ["a"], ["c"],
                    [
                        .init(next, ["a"], ["b"], domain: "com.example"),
                        .init(next, ["b"], ["c"], domain: "com.example"),
                    ])
            }
            let model = ONNXModelProto([.init("F0", ["x"], ["y"], domain: "com.example")], functions: functions)
            #expect { try model.opened() } throws: { error in
                if case .tooLarge(_, "nodes in calls of functions", GraphReader.mostNodes)? = error as? ONNXError {
                    true
                } else {
                    false
                }
            }
        }
    }

    @Test("constants of functions that are called often are read within bounds")
    func constants() async {
        await #expect(processExitsWith: .success) {
            let table = ONNXAttributeProto(
                "value", tensor: .init("", [1 << 18], integers: Array(repeating: 1, count: 1 << 18)))
            let list = ONNXAttributeProto("list", type: 7) { $0.ints = Array(repeating: 1, count: 1 << 18) }
            for node in [ONNXNodeProto("Constant", [], ["b"], [table]), .init("Relu", ["a"], ["b"], [list])] {
                let function = ONNXFunctionProto("Table", ["a"], ["b"], [node])
                let calls = (0..<10_000).map { ONNXNodeProto("Table", ["x"], ["v\($0)"], domain: "com.example") }
                let model = ONNXModelProto(calls, outputs: ["v0"], functions: [function])
                _ = try ONNXModelProto.linear.opened()
                try limitMemory(toFurther: 1 << 30)
                #expect { try model.opened() } throws: { error in
                    if case .tooLarge(_, "bytes of constants", _)? = error as? ONNXError { true } else { false }
                }
            }
        }
    }
}
