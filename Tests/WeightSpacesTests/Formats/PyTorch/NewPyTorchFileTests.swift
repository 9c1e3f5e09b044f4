import Foundation
import Testing
import Torch

@testable import WeightSpaces

@Suite("New files of PyTorch", .oneThread) struct NewPyTorchFileTests {
    private func tensors() -> [StoredTensor] {
        [
            StoredTensor(name: "seq.0.weight", dtype: .float32, shape: [2, 3], elements: (0..<6).map(Float.init)),
            StoredTensor(name: "ü \"x\"", dtype: .int64, shape: [], elements: [Int64(-7)]),
            StoredTensor(name: "b", dtype: .float64, shape: [0, 4], elements: [Double]()),
            StoredTensor(name: "a", dtype: .float16, shape: [5], elements: [UInt16](repeating: 0x3C00, count: 5)),
        ]
    }

    @Test("tensors read back under their names, in their order, with their elements and types") func readsBack() throws
    {
        try withTemporaryFolder { folder in
            let url = folder.appending(path: "new.pth")
            try PyTorchFile.write(tensors(), to: url)
            let file = try #require(try Checkpoints.open(url) as? PyTorchFile)
            #expect(file.entries == tensors().map { CheckpointEntry(name: $0.name, dtype: $0.dtype, shape: $0.shape) })
            for (entry, tensor) in zip(file.entries, tensors()) {
                var bytes: [UInt8] = []
                try tensor.emit { bytes += $0 }
                #expect(try file.withBytes(of: entry) { [UInt8]($0) } == bytes)
            }
        }
    }

    @Test("contents of members begin at multiples of 64 bytes") func alignment() throws {
        try withTemporaryFolder { folder in
            let url = folder.appending(path: "new.pth")
            try PyTorchFile.write(tensors(), to: url)
            let archive = try ZipArchive(MappedFile(url))
            #expect(archive.members.count == 7 && archive.members.allSatisfy { $0.data.lowerBound % 64 == 0 })
        }
    }

    @Test("a type that PyTorch has no storage of is refused, and nothing is written") func refusal() throws {
        try withTemporaryFolder { folder in
            let url = folder.appending(path: "new.pth")
            let wild = StoredTensor(name: "x", dtype: .uint32, shape: [1], elements: [UInt32(1)])
            #expect(throws: FormatError.self) { try PyTorchFile.write([wild], to: url) }
            #expect(!FileManager.default.fileExists(atPath: url.path))
        }
    }
}
