import Foundation
import GRDB
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
            try INRZooFitting(discs(count: 4), recipe: recipe, in: folder, pieceSize: 2).run()
            _ = try INRZoo(contentsOf: folder)
            try damage(folder)
            do {
                _ = try INRZoo(contentsOf: folder)
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

    @Test("a missing or truncated shard is named")
    func missingShard() throws {
        let missing = try message {
            try FileManager.default.removeItem(at: $0.appending(path: "shard-00001.safetensors"))
        }
        #expect(missing.contains("shard-00001.safetensors: No such file or directory"))
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

    @Test("a catalog that is damaged, of another version or no catalog at all is refused in one line")
    func badCatalog() throws {
        let damaged = try message { folder in
            let file = folder.appending(path: Catalog.fileName)
            var data = try Data(contentsOf: file)
            data[data.count / 2] ^= 4
            try data.write(to: file)
        }
        #expect(damaged.contains("catalog.sqlite: damaged: expected checksum"))
        // The user version and the application's identifier, in the header of the file.
        for (byte, expected) in [(63, "expected version 1 of the zoo format, found 0"), (71, "found another database")]
        {
            let message = try message { folder in
                var data = try Data(contentsOf: folder.appending(path: Catalog.fileName))
                data[byte] = 0
                try CatalogSeal.write(data, in: folder)
            }
            #expect(message.contains(expected))
        }
        let text = try message { try CatalogSeal.write(Data("no database, but long enough".utf8), in: $0) }
        #expect(text.contains("catalog.sqlite: not the sound catalog of a zoo"))
        for message in [damaged, text] { #expect(!message.contains("\n")) }
    }

    @Test(
        "a catalog that says what it cannot is refused, whatever is in its columns",
        arguments: [
            "UPDATE stack SET rows = 'abc'", "UPDATE stack SET rows = -5", "UPDATE stack SET rows = 1e300",
            "UPDATE stack SET rows = 4611686018427387904", "UPDATE stack SET shard = 77",
            "UPDATE stack SET architecture = 9",
            "UPDATE shard SET bytes = 'x'", "UPDATE shard SET origin = 7", "UPDATE shard SET origin = 0",
            "UPDATE shard SET file = '../' || file", "UPDATE origin SET pieces = 'many'",
            "UPDATE origin SET kind = x'00ff'",
            "UPDATE origin SET settings = '{}'", "UPDATE architecture SET space = '{}'", "DROP VIEW networks",
            "DELETE FROM network WHERE row > 0", "UPDATE network SET checksum = 'c'",
            "UPDATE network SET row = row + 1000", "UPDATE network SET row = row - 1",
            "UPDATE network SET row = row + 0.5",
            "ALTER TABLE origin RENAME COLUMN kind TO sort", "ALTER TABLE shard RENAME COLUMN bytes TO size",
        ])
    func hostileCatalog(statement: String) throws {
        try withTemporaryFolder { folder in
            try writeMixedZoo(in: folder, pieces: 0..<2)
            var configuration = Configuration()
            configuration.foreignKeysEnabled = false
            let catalog = folder.appending(path: Catalog.fileName).path
            let queue = try DatabaseQueue(path: catalog, configuration: configuration)
            try queue.write { try $0.execute(sql: statement) }
            try queue.close()
            try CatalogSeal.remove(in: folder)
            // Whether damage is met when the zoo is opened depends on where it is; it must never end the process.
            _ = try? Zoo(contentsOf: folder).select()
            _ = try? ZooMerging([folder]).run(in: folder.appending(path: "merged"))
            _ = try? ZooWriter([ZooOrigin(SampleSettings(), pieces: 6)], in: folder).missingPieces()
            #expect(try ZooVerification.problems(in: folder).count > 1 || statement.contains("origin SET settings"))
        }
    }

    @Test("a folder without a catalog is a file error")
    func noCatalog() throws {
        #expect(throws: FileError.self) {
            try withTemporaryFolder { _ = try INRZoo(contentsOf: $0) }
        }
    }
}
