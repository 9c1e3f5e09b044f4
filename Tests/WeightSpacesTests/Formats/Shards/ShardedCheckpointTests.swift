import Foundation
import Testing

@testable import WeightSpaces

@Suite struct ShardedCheckpointTests {
    private static let map = #"{"a": "1.safetensors", "b": "2.safetensors", "c": "1.safetensors"}"#

    /// A folder with two files and the index.
    private static func withNetwork(
        _ index: String = #"{"metadata": {"total_size": 1.5e1, "x": [null, "]", {}]}, "weight_map": \#(map)}"#,
        _ body: (URL) throws -> Void
    ) throws {
        try withTemporaryFolder { folder in
            for (shard, names) in [("1", ["a", "c", "extra"]), ("2", ["b", "extra"])] {
                let tensors = names.map { name in
                    StoredTensor(name: name, dtype: .uint8, shape: [2], elements: Array((name + shard).utf8.prefix(2)))
                }
                try SafetensorsFile.write(tensors, to: folder.appending(path: "\(shard).safetensors"))
            }
            try Data(index.utf8).write(to: folder.appending(path: "model.safetensors.index.json"))
            try body(folder)
        }
    }

    @Test func filesWithAnIndexAreOneNetwork() throws {
        try Self.withNetwork { folder in
            for url in [folder, folder.appending(path: "model.safetensors.index.json")] {
                let file = try Checkpoints.open(url)
                #expect(file.entries.map(\.name) == ["a", "c", "b"])
                #expect(try file.contents() == ["a": Array("a1".utf8), "b": Array("b2".utf8), "c": Array("c1".utf8)])
                #expect(file["extra"] == nil)
            }
        }
    }

    @Test func everyFileIsWrittenWithOtherElements() throws {
        try Self.withNetwork { folder in
            let file = try Checkpoints.open(folder)
            let copy = folder.appending(path: "copy")
            try file.write(to: copy) { entry in Array((entry.name + "!").utf8) }
            #expect(
                try FileManager.default.contentsOfDirectory(atPath: copy.path).sorted()
                    == ["1.safetensors", "2.safetensors", "model.safetensors.index.json"])
            let written = try Checkpoints.open(copy)
            #expect(try written.contents() == ["a": Array("a!".utf8), "b": Array("b!".utf8), "c": Array("c!".utf8)])
            let shard = try SafetensorsFile(copy.appending(path: "2.safetensors"))
            #expect(try shard.bytes("extra") == Array("ex".utf8))
        }
    }

    @Test func shardsOfPyTorchAreOneNetwork() throws {
        try withTemporaryFolder { folder in
            for (name, source) in [("1.bin", "legacy.pt"), ("2.bin", "kinds.pt")] {
                try Data(contentsOf: fixture(source)).write(to: folder.appending(path: name))
            }
            let index = #"{"weight_map": {"dense.weight": "1.bin", "dense": "2.bin", "sparse": "2.bin"}}"#
            try Data(index.utf8).write(to: folder.appending(path: "pytorch_model.bin.index.json"))
            for url in [folder, folder.appending(path: "pytorch_model.bin.index.json")] {
                let file = try Checkpoints.open(url)
                #expect(file.entries.map(\.name) == ["dense.weight", "dense"])
                #expect(file.passedOver.keys.sorted() == ["sparse"])
                #expect(try file.elements("dense", as: Float.self) == [7, 8, 9, 10])
                let copy = folder.appending(path: "copy")
                try file.write(to: copy) { entry in try file.bytes(entry.name).map { ~$0 } }
                let contents = try Checkpoints.open(copy).contents()
                #expect(try contents == file.contents().mapValues { $0.map { ~$0 } })
                #expect(
                    try PyTorchFile(copy.appending(path: "1.bin")).elements("dense.bias", as: Float.self) == [
                        10, 11, 12,
                    ])
            }
        }
    }

    @Test func anIndexIsNoShard() throws {
        try Self.withNetwork(#"{"weight_map": {"a": "model.safetensors.index.json"}}"#) { folder in
            #expect(performing: { try Checkpoints.open(folder) }, throws: { "\($0)".contains("JSON") })
        }
    }

    @Test(arguments: ["../1.safetensors", "/etc/passwd", "x/../1.safetensors", "", ".", "..", "1.safetensors\\u0000"])
    func filesLieInTheFolder(name: String) throws {
        try Self.withNetwork(#"{"weight_map": {"a": "\#(name)"}}"#) { folder in
            #expect(performing: { try Checkpoints.open(folder) }, throws: { "\($0)".contains("in the same folder") })
        }
    }

    @Test(arguments: [
        (#"{"weight_map": {"b": "1.safetensors"}}"#, "tensor \"b\""), (#"{}"#, "weight_map"),
        (#"{"weight_map": {"a": "3.safetensors"}}"#, "3.safetensors"), (#"{"weight_map": [1]}"#, "'{'"),
        (#"{"weight_map": {"a": "1.safetensors", "a": "2.safetensors"}}"#, "twice"),
        (#"{"weight_map": {}, "weight_map": {}}"#, "twice"), (#"{"metadata": ], "weight_map": {}}"#, "a value"),
        (#"{"metadata": [[[, "weight_map": {}}"#, "a value"), (#"{"weight_map": {}} x"#, "only spaces"),
    ])
    func anIndexThatDoesNotFitIsRefused(index: String, expected: String) throws {
        try Self.withNetwork(index) { folder in
            #expect(
                performing: { try Checkpoints.open(folder) },
                throws: { error in
                    if !"\(error)".contains(expected) { Issue.record("got \(error)") }
                    return true
                })
        }
    }

    @Test func deepNestingDoesNotExhaustTheStack() throws {
        let nest = String(repeating: "[", count: 1_000_000)
        try Self.withNetwork(#"{"metadata": \#(nest)"#) { folder in
            #expect(throws: FormatError.self) { try Checkpoints.open(folder) }
        }
    }
}
