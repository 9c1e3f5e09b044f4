import Foundation
import TestSupport
import Testing
import Torch
import WeightSpaces

@testable import Graphs

/// Weights are weights wherever they stand, and what is no weight is a constant.
@Suite("Weights of ONNX files", .oneThread)
struct ONNXWeightTests {
    private static func constant(_ name: String, _ dims: [Int64], _ floats: [Float]) -> ONNXNodeProto {
        .init("Constant", [], [name], [.init("value", tensor: .init("", dims, floats: floats))])
    }

    private static func list(_ name: String, _ floats: [Float]) -> ONNXNodeProto {
        .init("Constant", [], [name], [.init("value_floats", type: 6) { $0.floats = floats }])
    }

    /// Other elements for every tensor: the given ones plus a hundred.
    private static func raised(_ file: ONNXFile) -> (CheckpointEntry) throws -> [UInt8] {
        { entry in try file.floats(entry.name).map { $0 + 100 }.withUnsafeBytes { Array($0) } }
    }

    private static func rewritten(_ model: ONNXModelProto) throws -> (before: ONNXFile, after: ONNXFile) {
        try withTemporaryFolder { folder in
            let file = try ONNXFile(model.write(to: folder))
            let url = folder.appending(path: "new.onnx")
            try file.write(to: url, elements: raised(file))
            return (file, try ONNXFile(url))
        }
    }

    @Test("constants that are multiplied and added are the weights that initializers would be")
    func constants() throws {
        let (w, b): ([Float], [Float]) = ([1, 2, 3, 4, 5, 6], [-1, 1])
        let nodes: [ONNXNodeProto] = [.init("Gemm", ["x", "w", "b"], ["y"], [.init("transB", integer: 1)])]
        let (file, written) = try Self.rewritten(
            ONNXModelProto([Self.constant("w", [2, 3], w), Self.list("b", b)] + nodes))
        let other = try ONNXModelProto(nodes, [.init("w", [2, 3], floats: w), .init("b", [2], floats: b)]).opened()
        #expect(file.entries == other.entries)
        #expect(file.graph.parameters == other.graph.parameters)
        #expect(file.graph.constants.isEmpty)

        // They are written back where they stood.
        let node = written.model.graph.node
        #expect(node[0].attribute[0].t.rawData.floats == w.map { $0 + 100 })
        #expect(node[1].attribute[0].floats == b.map { $0 + 100 })
        #expect(written.model.graph.initializer.isEmpty)
        #expect(try written.floats("w") == w.map { $0 + 100 })
    }

    @Test("branches' tensors are weights with the path of their branch, also where both use one name")
    func branches() throws {
        func branch(_ number: Float) -> ONNXGraphProto {
            ONNXGraphProto(
                [
                    Self.constant("c", [3], [number, 2, 3]), .init("Mul", ["x", "w"], ["s"]),
                    .init("Add", ["s", "c"], ["r"]),
                ],
                [.init("w", [3], floats: [number, 5, 6]), .init("one", [], floats: [1])], outputs: ["r"])
        }
        var choice = ONNXNodeProto(
            "If", ["yes"], ["y"], [.init("then_branch", graph: branch(1)), .init("else_branch", graph: branch(-1))])
        choice.name = "choice"
        let yes = ONNXTensorProto("yes", [], integers: [1])
        let (file, written) = try Self.rewritten(ONNXModelProto([choice], [yes]))
        let names = ["then_branch/w", "then_branch/c", "else_branch/w", "else_branch/c"].map { "choice.\($0)" }
        #expect(file.graph.parameters.map(\.name) == names)
        #expect(try file.floats("choice.else_branch/w") == [-1, 5, 6])
        #expect(try written.floats("choice.else_branch/c") == [99, 102, 103])
        let inner = written.model.graph.node[0].attribute[1].g
        #expect(inner.initializer[0].rawData.floats == [99, 105, 106])
        #expect(inner.node[0].attribute[0].t.rawData.floats == [99, 102, 103])
        // The graph computes with them.
        func result(_ file: ONNXFile) throws -> [Double] {
            let network = Network(checkpoint: file, graph: file.graph)
            return try GraphEvaluator(file.graph).evaluate(
                parameters: network.parameters(.float64), inputs: ["x": Tensor([1, 1, 1] as [Float], shape: [1, 3])],
                dtype: .float64)[0].elements(as: Double.self)
        }
        #expect(try result(file) == [2, 7, 9])
        #expect(try result(written) == [202, 207, 209])
    }

    @Test("a function's constants are stored once, however often it is called, and inner names meet no others")
    func functions() throws {
        let function = ONNXFunctionProto(
            "Shift", ["in"], ["out"], [Self.constant("c", [3], [1, 2, 3]), .init("Add", ["in", "c"], ["out"])])
        let calls: [ONNXNodeProto] = [
            .init("Relu", ["x"], ["Shift/c"]), .init("Shift", ["Shift/c"], ["h"], domain: "com.example"),
            .init("Shift", ["h"], ["y"], domain: "com.example"),
        ]
        let (file, written) = try Self.rewritten(ONNXModelProto(calls, functions: [function]))
        #expect(file.graph.parameters.map(\.name) == ["Shift/c#2"])
        #expect(file.graph.nodes.map { $0.inputs.last } == ["x", "Shift/c#2", "Shift/c#2"])
        #expect(written.model.functions[0].node[0].attribute[0].t.rawData.floats == [101, 102, 103])
    }

    @Test("a branch of a branch, and one that hides a name of the graph around it")
    func nested() throws {
        let inner = ONNXGraphProto(
            [.init("Add", ["s", "w"], ["q"])], [.init("w", [3], floats: [7, 8, 9])], outputs: ["q"])
        let outer = ONNXGraphProto(
            [
                .init("Mul", ["x", "w"], ["s"]),
                .init("If", ["yes"], ["r"], [.init("then_branch", graph: inner), .init("else_branch", graph: inner)]),
            ], outputs: ["r"])
        let choice = ONNXNodeProto(
            "If", ["yes"], ["y"], [.init("then_branch", graph: outer), .init("else_branch", graph: outer)])
        let file = try ONNXModelProto(
            [choice], [.init("w", [3], floats: [1, 2, 3]), .init("yes", [], integers: [1])]
        ).opened()
        #expect(
            file.graph.parameters.map(\.name) == [
                "w", "y.then_branch/r.then_branch/w", "y.then_branch/r.else_branch/w",
                "y.else_branch/r.then_branch/w", "y.else_branch/r.else_branch/w",
            ])
    }

    @Test("masks are constants: they are added to scores, or choose, and let nothing through")
    func masks() throws {
        func parameters(_ elements: [Float], _ nodes: [ONNXNodeProto]) throws -> [String] {
            let count = Int64(Double(elements.count).squareRoot())
            let model = ONNXModelProto(nodes, [.init("m", [count, count], floats: elements)])
            return try model.opened().graph.parameters.map(\.name)
        }
        let infinite: [Float] = [0, -.infinity, -.infinity, 0, 0, -.infinity, 0, 0, 0]
        let added: [ONNXNodeProto] = [.init("Add", ["x", "m"], ["y"])]
        #expect(try parameters(infinite, added) == [])
        #expect(try parameters(infinite.map { $0 == 0 ? 0 : -1e9 }, added) == [])
        // A linear bias toward near places, and nothing of what comes later.
        #expect(try parameters([0, -.infinity, -.infinity, -1, 0, -.infinity, -2, -1, 0], added) == [])
        let lower: [Float] = [1, 0, 0, 1, 1, 0, 1, 1, 1]
        let chosen: [ONNXNodeProto] = [
            .init("Cast", ["m"], ["c"], [.init("to", integer: 9)]), .init("Where", ["c", "x", "x"], ["y"]),
        ]
        #expect(try parameters(lower, chosen) == [])

        // What is multiplied is a weight, though it be sick; so is a table of places, and what has a few numbers.
        let multiplied: [ONNXNodeProto] = [.init("MatMul", ["x", "m"], ["y"])]
        #expect(try parameters(infinite, multiplied) == ["m"])
        #expect(try parameters(lower, multiplied) == ["m"])
        #expect(try parameters(lower, [.init("Mul", ["x", "m"], ["y"])]) == ["m"])
        #expect(try parameters([0, 1, 2, 3, 4, 5, 6, 7, 8], added) == ["m"])
        #expect(try parameters([0, -.infinity, .nan, 0, 0, 0, 0, 0, 0], added) == ["m"])
        #expect(try parameters([Float](repeating: 0, count: 9), added) == ["m"])
        let bias = ONNXModelProto(added, [.init("m", [3], floats: [0, .infinity, 1])])
        #expect(try bias.opened().graph.parameters.map(\.name) == ["m"])
    }

    @Test("scales of a resize and factors of a shape are constants") func settings() throws {
        let file = try ONNXModelProto(
            [
                Self.constant("scales", [4], [1, 1, 2, 2]), .init("Resize", ["x", "", "scales"], ["h"]),
                .init("Shape", ["x"], ["s"]), .init("Cast", ["s"], ["f"], [.init("to", integer: 1)]),
                .init("Mul", ["f", "factors"], ["g"]), .init("Cast", ["g"], ["size"], [.init("to", integer: 7)]),
                .init("Resize", ["h", "", "", "size"], ["y"]),
            ], [.init("factors", [4], floats: [1, 1, 3, 3])]
        ).opened()
        #expect(file.graph.parameters.isEmpty)
        #expect(file.graph.constants.keys.sorted() == ["factors", "scales"])
    }

    @Test("weights of half precision, in other files and of integers that are dequantised are found in constants, too")
    func kinds() throws {
        try withTemporaryFolder { folder in
            try Data(repeating: 1, count: 64).write(to: folder.appending(path: "weights"))
            var half = ONNXTensorProto("", [2, 2], type: 10)
            half.int32Data = [0, 1, 2, 3]
            var integers = ONNXTensorProto("", [3], type: 6)
            integers.int32Data = [1, 2, 3]
            let outside = ONNXTensorProto("", [2, 3], external: ["location": "weights", "offset": "8"])
            let nodes: [ONNXNodeProto] = ["h": half, "i": integers, "o": outside].sorted { $0.key < $1.key }.map {
                .init("Constant", [], [$0.key], [.init("value", tensor: $0.value)])
            }
            let readers: [ONNXNodeProto] = [
                .init("DequantizeLinear", ["i", "scale"], ["b"]), .init("Add", ["x", "b"], ["s"]),
                .init("MatMul", ["s", "h"], ["t"]), .init("MatMul", ["t", "o"], ["y"]),
            ]
            let model = ONNXModelProto(nodes + readers, [.init("scale", [], floats: [2])])
            let file = try ONNXFile(model.write(to: folder))
            #expect(file.graph.parameters.map(\.name) == ["scale", "h", "i", "o"])
            let url = folder.appending(path: "new.onnx")
            try file.write(to: url) { entry in Array(repeating: 3, count: entry.byteCount) }
            let written = try ONNXFile(url)
            #expect(written.entries == file.entries)
            for entry in written.entries { #expect(try written.withBytes(of: entry) { $0.allSatisfy { $0 == 3 } }) }
            #expect(written.externalURLs.map(\.lastPathComponent) == ["new.onnx.data"])
        }
    }
}
