import Foundation
import TestSupport
import Testing
import Torch
import WeightSpaces

@testable import Zoo

@Suite("Damaged zoos", .oneThread)
struct ZooErrorTests {
    /// Makes a zoo of 4 networks in 2 shards, damages it, and returns the message on opening it.
    private func message(after damage: (URL) throws -> Void) throws -> String {
        try withTemporaryFolder { folder in
            var recipe = FittingRecipe.smooth(widths: [2, 3, 1])
            recipe.steps = 1
            try ZooFitting(discs(count: 4), recipe: recipe, in: folder, shardRows: 2).run()
            _ = try Zoo(contentsOf: folder)
            try damage(folder)
            do {
                _ = try Zoo(contentsOf: folder)
                return "no error"
            } catch {
                return "\(error)"
            }
        }
    }

    /// Rewrites a shard with one tensor changed, or left out for `nil`.
    private func replace(_ name: String, in url: URL, with change: (Tensor) -> Tensor?) throws {
        let file = try SafetensorsFile(url)
        let tensors = try file.entries.compactMap { entry -> StoredTensor? in
            guard entry.name != name else {
                return try file.tensor(entry).flatMap(change).map { .init(name: name, $0) }
            }
            return StoredTensor(
                name: entry.name, dtype: entry.dtype, shape: entry.shape,
                elements: file.withBytes(of: entry) { Array($0) })
        }
        try SafetensorsFile.write(tensors, to: url)
    }

    private func edit(_ file: URL, _ old: String, _ new: String) throws {
        let text = try String(contentsOf: file, encoding: .utf8)
        #expect(text.contains(old))
        try text.replacingOccurrences(of: old, with: new).write(to: file, atomically: true, encoding: .utf8)
    }

    @Test("a missing or truncated shard is named")
    func missingShard() throws {
        let missing = try message {
            try FileManager.default.removeItem(at: $0.appending(path: "shard-00001.safetensors"))
        }
        #expect(missing.contains("expected 2 shards, found 1, without shard-00001.safetensors"))
        let truncated = try message { folder in
            let shard = folder.appending(path: "shard-00000.safetensors")
            try Data(contentsOf: shard).dropLast(1).write(to: shard)
        }
        #expect(truncated.contains("shard-00000.safetensors"))
    }

    @Test("a NaN weight is found by shard, network and parameter")
    func notFinite() throws {
        let message = try message { folder in
            try replace("1.weight", in: folder.appending(path: "shard-00001.safetensors")) { weight in
                var values = weight.elements(as: Float.self)
                values[values.count - 1] = .nan
                return Tensor(values, shape: weight.shape)
            }
        }
        #expect(message.contains("shard-00001.safetensors"))
        #expect(message.contains("NaN or infinity in 1.weight of network 3"))
    }

    @Test("a parameter that is missing, or has another shape or type, is named")
    func wrongTensor() throws {
        let changes: [(String, (Tensor) -> Tensor?)] = [
            ("found none", { _ in nil }), ("found F32 [2, 2, 3]", { $0.permuted([0, 2, 1]) }),
            ("found F64 [2, 3, 2]", { $0.to(.float64) }),
        ]
        for (found, change) in changes {
            let message = try message {
                try replace("0.weight", in: $0.appending(path: "shard-00000.safetensors"), with: change)
            }
            #expect(message.contains("expected 0.weight to be F32 [2, 3, 2], \(found)"))
        }
    }

    @Test("a column that contradicts the manifest is named")
    func wrongColumn() throws {
        let message = try message {
            try replace("image", in: $0.appending(path: "shard-00001.safetensors")) { _ in Tensor([3, 3] as [Int64]) }
        }
        #expect(message.contains("expected image 2 in row 0 as the manifest has it, found 3"))
    }

    @Test("a manifest of another version, or that makes no sense, is refused")
    func badManifest() throws {
        let edits = [
            (#""version" : 1"#, #""version" : 2"#, "expected version 1 of the zoo format, found 2"),
            (#""fits" : 1"#, #""fits" : 0"#, "expected fits in 1...274877906944, found 0"),
            (#""fits" : 1,"#, "", "expected \"fits\""),
            (#""width" : 8"#, #""width" : -8"#, "expected images.width in 1...8192, found -8"),
            (#""channels" : 1"#, #""channels" : 3"#, "found widths [2, 3, 1]"),
            (#""omega" : 6"#, #""omega" : 0"#, "expected a positive, finite omega"),
        ]
        for (old, new, expected) in edits {
            let message = try message { try edit($0.appending(path: "manifest.json"), old, new) }
            #expect(message.contains(expected))
            #expect(message.contains("manifest.json"))
            #expect(!message.contains("\n"))
        }
    }

    @Test("a folder without a manifest is a file error")
    func noManifest() throws {
        #expect(throws: FileError.self) {
            try withTemporaryFolder { _ = try Zoo(contentsOf: $0) }
        }
    }
}
