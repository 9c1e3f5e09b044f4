import Foundation
import TestSupport
import Testing

@testable import Zoo

@Suite("Verification of zoos", .oneThread)
struct ZooVerificationTests {
    private func problems(after damage: (URL) throws -> Void) throws -> [ZooProblem] {
        try withTemporaryFolder { folder in
            try writeMixedZoo(in: folder, pieces: 0..<2)
            #expect(try ZooVerification.problems(in: folder).isEmpty)
            try damage(folder)
            return try ZooVerification.problems(in: folder)
        }
    }

    @Test("a flipped bit anywhere is found") func flippedBits() throws {
        var random = SystemRandomNumberGenerator()
        try withTemporaryFolder { folder in
            try writeMixedZoo(in: folder, pieces: 0..<2)
            for name in try contents(of: folder).keys {
                let file = folder.appending(path: name)
                let sound = try Data(contentsOf: file)
                for _ in 0..<40 {
                    var data = sound
                    let (byte, bit) = (
                        Int.random(in: 0..<data.count, using: &random), Int.random(in: 0..<8, using: &random)
                    )
                    data[byte] ^= 1 << bit
                    try data.write(to: file)
                    #expect(try !ZooVerification.problems(in: folder).isEmpty, "\(name), byte \(byte), bit \(bit)")
                }
                try sound.write(to: file)
            }
            #expect(try ZooVerification.problems(in: folder).isEmpty)
        }
    }

    @Test("missing, cut and foreign files are named") func files() throws {
        let shard = "shard-00001.safetensors"
        #expect(try problems { try FileManager.default.removeItem(at: $0.appending(path: shard)) } == [.missing(shard)])
        let cut = try problems { folder in
            let file = folder.appending(path: shard)
            try Data(contentsOf: file).dropLast(3).write(to: file)
        }
        guard case .size(shard, let expected, let found)? = cut.first else { throw ZooError.columnName("\(cut)") }
        #expect(cut.count == 1 && expected == found + 3)
        #expect(try problems { try Data([1]).write(to: $0.appending(path: "notes.txt")) } == [.orphan("notes.txt")])
        #expect(
            try problems { try FileManager.default.removeItem(at: $0.appending(path: CatalogSeal.fileName)) }
                == [.unfinished])
    }
}
