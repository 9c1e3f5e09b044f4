import Foundation
import SwiftProtobuf
import TestSupport
import Testing
import WeightSpaces

@testable import Graphs

@Suite("Writing ONNX files")
struct ONNXWriteTests {
    private struct Interruption: Error {}

    private static func stored(_ file: ONNXFile) throws -> [[UInt8]] {
        try file.entries.map { entry in try file.withBytes(of: entry) { Array($0) } }
    }

    /// The elements of a tensor, from the last byte to the first.
    private static func reversed(_ file: ONNXFile) -> (CheckpointEntry) throws -> [UInt8] {
        { entry in try file.withBytes(of: entry) { $0.reversed() } }
    }

    /// A model with a weight inside, two in other files, and an external setting.
    private static func writeModel(to folder: URL) throws -> URL {
        let numbers = (0..<40).map(Float.init)
        try numbers.withUnsafeBytes { Data($0) }.write(to: folder.appending(path: "m.onnx.data"))
        try Data(repeating: 7, count: 16).write(to: folder.appending(path: "other"))
        let table = ONNXTensorProto("", [2], external: ["location": "m.onnx.data", "offset": "120"])
        return try ONNXModelProto(
            [
                .init("MatMul", ["x", "v"], ["a"]), .init("Add", ["a", "w"], ["b"]), .init("Add", ["b", "u"], ["c"]),
                .init("Constant", [], ["t"], [.init("value", tensor: table)]), .init("Add", ["c", "t"], ["y"]),
            ],
            [
                .init("u", [1], floats: [0.5]),
                .init(
                    "v", [2, 3],
                    external: ["location": "m.onnx.data", "offset": "64", "length": "24", "checksum": "old"]),
                .init("w", [4], external: ["location": "other", "comment": "kept"]),
            ]
        ).write(to: folder)
    }

    @Test("the new file holds the new elements, and every tensor is asked for once")
    func elements() throws {
        try withTemporaryFolder { folder in
            let file = try ONNXFile(ONNXModelProto.linear.write(to: folder))
            var asked: [String] = []
            let url = folder.appending(path: "new.onnx")
            try file.write(to: url) { entry in
                asked.append(entry.name)
                return try Self.reversed(file)(entry)
            }
            let written = try ONNXFile(url)
            #expect(asked.sorted() == ["b", "shape", "w"])
            #expect(written.entries == file.entries)
            #expect(try Self.stored(written) == Self.stored(file).map { $0.reversed() })
            #expect(written.graph.nodes.map(\.operation) == file.graph.nodes.map(\.operation))
        }
    }

    @Test("elements that were listed one by one are written as bytes, and as nothing else")
    func listed() throws {
        try withTemporaryFolder { folder in
            var tensors = [1, 11, 6, 7, 13].map { ONNXTensorProto("t\($0)", [2], type: $0) }
            tensors[0].floatData = [1, 2]
            tensors[1].doubleData = [1, 2]
            tensors[2].int32Data = [1, 2]
            tensors[3].int64Data = [1, 2]
            tensors[4].uint64Data = [1, 2]
            let file = try ONNXFile(ONNXModelProto([.init("Relu", ["x"], ["y"])], tensors).write(to: folder))
            let url = folder.appending(path: "new.onnx")
            try file.write(to: url, elements: Self.reversed(file))
            let written = try ONNXFile(url)
            #expect(try Self.stored(written) == Self.stored(file).map { $0.reversed() })
            for (old, new) in zip(tensors, written.model.graph.initializer) {
                var expected = ONNXTensorProto(old.name, old.dims, type: old.dataType)
                expected.rawData = new.rawData
                #expect(new == expected)
            }
        }
    }

    @Test("what is not declared is kept, and the same elements give the same message")
    func unknownFields() throws {
        try withTemporaryFolder { folder in
            var model = ONNXModelProto.linear
            model.graph.initializer.removeLast()
            model.graph.node.removeLast()
            model.graph.output[0].name = "h"
            // ir_version, producer_name; a documentation string in the graph, a node and a tensor.
            let known: Data = try model.serializedBytes()
            model = try ONNXModelProto(serializedBytes: Data([8, 10, 18, 2]) + Data("nf".utf8) + known)
            try model.graph.merge(serializedBytes: Data([82, 1, 65]))
            try model.graph.node[0].merge(serializedBytes: Data([50, 1, 66]))
            try model.graph.initializer[0].merge(serializedBytes: Data([98, 1, 67]))
            let file = try ONNXFile(model.write(to: folder))
            let url = folder.appending(path: "new.onnx")
            try file.write(to: url) { entry in try file.withBytes(of: entry) { Array($0) } }
            #expect(try Data(contentsOf: url) == Data(contentsOf: file.url))
            #expect(try Data(contentsOf: url).count == known.count + 6 + 3 + 3 + 3)
        }
    }

    @Test("elements in other files go to one new file beside the model")
    func external() throws {
        try withTemporaryFolder { folder in
            let file = try ONNXFile(Self.writeModel(to: folder))
            let before = try contents(of: folder)
            let target = folder.appending(path: "new")
            try FileManager.default.createDirectory(at: target, withIntermediateDirectories: false)
            let url = target.appending(path: "new.onnx")
            try file.write(to: url, elements: Self.reversed(file))
            #expect(try contents(of: target).keys.sorted() == ["new.onnx", "new.onnx.data"])

            let written = try ONNXFile(url)
            #expect(try Self.stored(written) == Self.stored(file).map { $0.reversed() })
            #expect(written.graph.parameters.map(\.name) == ["u", "v", "w", "t"])
            #expect(try file.floats("t") == [30, 31])
            let settings = written.model.graph.initializer.map { tensor in
                Dictionary(uniqueKeysWithValues: tensor.externalData.map { ($0.key, $0.value) })
            }
            #expect(settings[0].isEmpty)
            #expect(settings[1] == ["location": "new.onnx.data", "offset": "0", "length": "24"])
            #expect(settings[2]["comment"] == "kept")
            #expect(settings[2]["location"] == "new.onnx.data")
            try FileManager.default.removeItem(at: target)
            #expect(try contents(of: folder) == before)
        }
    }

    @Test("a model that replaces itself leaves no old elements behind, and can be read all the time")
    func itself() throws {
        try withTemporaryFolder { folder in
            let url = try Self.writeModel(to: folder)
            let file = try ONNXFile(url)
            try file.write(to: url) { entry in
                // Until everything is complete, the model on disk is the old one, with its elements.
                #expect(try ONNXFile(url).floats("v") == [16, 17, 18, 19, 20, 21])
                return try Self.reversed(file)(entry)
            }
            #expect(try contents(of: folder).keys.sorted() == ["m.onnx", "m.onnx.2.data"])
            // The open file still gives the old elements.
            #expect(try file.floats("v") == [16, 17, 18, 19, 20, 21])
            let written = try ONNXFile(url)
            #expect(try Self.stored(written) == Self.stored(file).map { $0.reversed() })

            try written.write(to: url, elements: Self.reversed(written))
            #expect(try contents(of: folder).keys.sorted() == ["m.onnx", "m.onnx.data"])
            #expect(try Self.stored(ONNXFile(url)) == Self.stored(file))
        }
    }

    @Test("elements that another model mentions, or that the model was made from, are kept")
    func sharedElements() throws {
        try withTemporaryFolder { folder in
            let url = try Self.writeModel(to: folder)
            let file = try ONNXFile(url)
            let copy = folder.appending(path: "copy.onnx")
            try Data(contentsOf: url).write(to: copy)
            // The copy is replaced by what is made of the original, which reads the same elements.
            try file.write(to: copy, elements: Self.reversed(file))
            #expect(
                try contents(of: folder).keys.sorted()
                    == ["copy.onnx", "copy.onnx.data", "m.onnx", "m.onnx.data", "other"])
            try FileManager.default.removeItem(at: copy)
            try Data(contentsOf: url).write(to: copy)
            try file.write(to: url, elements: Self.reversed(file))
            #expect(
                try contents(of: folder).keys.sorted()
                    == ["copy.onnx", "copy.onnx.data", "m.onnx", "m.onnx.2.data", "m.onnx.data", "other"])
            #expect(try Self.stored(ONNXFile(copy)) == Self.stored(file))
        }
    }

    @Test("a replacement that fails leaves the model and its elements as they were")
    func failedReplacement() throws {
        try withTemporaryFolder { folder in
            let url = try Self.writeModel(to: folder)
            let file = try ONNXFile(url)
            let before = try contents(of: folder)
            #expect(throws: Interruption.self) {
                try file.write(to: url) { entry in
                    if entry.name == "w" { throw Interruption() }
                    return try Self.reversed(file)(entry)
                }
            }
            #expect(try contents(of: folder) == before)
        }
    }

    @Test("tensors that share bytes of another file get bytes of their own")
    func shared() throws {
        try withTemporaryFolder { folder in
            try Data(repeating: 1, count: 8).write(to: folder.appending(path: "weights"))
            let tensors = ["v", "w"].map { ONNXTensorProto($0, [2], external: ["location": "weights"]) }
            let model = ONNXModelProto([.init("Add", ["v", "w"], ["y"])], tensors)
            let file = try ONNXFile(model.write(to: folder))
            let url = folder.appending(path: "new.onnx")
            try file.write(to: url) { entry in Array(repeating: entry.name == "v" ? 2 : 3, count: 8) }
            #expect(
                try Self.stored(ONNXFile(url)) == [Array(repeating: 2, count: 8), Array(repeating: 3, count: 8)])
        }
    }

    @Test("a tensor with other bytes than it had, and an interruption, leave nothing behind", arguments: ["u", "v"])
    func refusals(name: String) throws {
        try withTemporaryFolder { folder in
            let url = try Self.writeModel(to: folder)
            let file = try ONNXFile(url)
            let before = try contents(of: folder)
            let count = name == "u" ? 4 : 24
            #expect(
                throws: FormatError.byteCount(
                    file: url.relativePath, tensor: name, expected: count, found: count + 1)
            ) {
                try file.write(to: folder.appending(path: "new.onnx")) { entry in
                    try file.withBytes(of: entry) { Array($0) } + (entry.name == name ? [0] : [])
                }
            }
            #expect(throws: Interruption.self) {
                try file.write(to: folder.appending(path: "new.onnx")) { entry in
                    if entry.name == name { throw Interruption() }
                    return try file.withBytes(of: entry) { Array($0) }
                }
            }
            #expect(try contents(of: folder) == before)
        }
    }

    @Test("an entry of another file traps")
    func strangers() async throws {
        let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
            let file = try ONNXModelProto.linear.opened()
            try file.withBytes(of: CheckpointEntry(name: "w", dtype: .float32, shape: [3, 2])) { _ in }
        }
        let message = String(decoding: try #require(result).standardErrorContent, as: UTF8.self)
        #expect(message.contains("expected an entry of"))
    }
}
