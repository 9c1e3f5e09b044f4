import Foundation
import Testing

@testable import WeightSpaces

@Suite struct SafetensorsRoundTripTests {
    @Test(arguments: StoredDType.allCases)
    func everyElementTypeReturnsItsBytes(dtype: StoredDType) throws {
        let bytes = (0..<(6 * dtype.byteCount)).map { UInt8(truncatingIfNeeded: $0 * 37 + 1) }
        try withTemporaryFolder { folder in
            let url = folder.appending(path: "one.safetensors")
            try SafetensorsFile.write([StoredTensor(name: "w", dtype: dtype, shape: [2, 3], elements: bytes)], to: url)
            let file = try SafetensorsFile(url)
            let entry = try #require(file["w"])
            #expect(entry.dtype == dtype)
            #expect(entry.shape == [2, 3])
            #expect(file.withBytes(of: entry) { Array($0) } == bytes)
        }
    }

    @Test func scalarsAndTensorsWithoutElementsSurvive() throws {
        try withTemporaryFolder { folder in
            let url = folder.appending(path: "edge.safetensors")
            try SafetensorsFile.write(
                [
                    StoredTensor(name: "empty", dtype: .float32, shape: [3, 0, 2], elements: [Float]()),
                    StoredTensor(name: "scalar", dtype: .float64, shape: [], elements: [2.5]),
                    StoredTensor(name: "also empty", dtype: .uint8, shape: [0], elements: [UInt8]()),
                ], to: url)
            let file = try SafetensorsFile(url)
            #expect(file["empty"]?.shape == [3, 0, 2])
            #expect(file["also empty"]?.byteCount == 0)
            let scalar = try #require(file["scalar"])
            #expect(scalar.shape == [])
            #expect(file.withBytes(of: scalar) { $0.loadUnaligned(as: Double.self) } == 2.5)
        }
    }

    @Test func aFileWithoutTensorsSurvives() throws {
        try withTemporaryFolder { folder in
            let url = folder.appending(path: "none.safetensors")
            try SafetensorsFile.write([], to: url)
            let file = try SafetensorsFile(url)
            #expect(file.entries.isEmpty)
            #expect(file.metadata.isEmpty)
            #expect(file["w"] == nil)
        }
    }

    @Test func namesAndMetadataSurviveInAnyScript() throws {
        let names = ["layers.0.weight", "вес", "重み", "🧠⚖️", "a\"b\\c/d", "tab\tline\nnul\0", "e\u{301}", ""]
        let metadata = [
            "format": "pt", "": "empty key", "ключ": "значение", "json": "{\"a\": [1, 2]}",
            "line\n": "\u{1}\u{1F}\u{7F}",
        ]
        try withTemporaryFolder { folder in
            let url = folder.appending(path: "names.safetensors")
            let tensors = names.enumerated().map { index, name in
                StoredTensor(name: name, dtype: .int64, shape: [1], elements: [index])
            }
            try SafetensorsFile.write(tensors, metadata: metadata, to: url)
            let file = try SafetensorsFile(url)
            #expect(file.metadata == metadata)
            #expect(file.entries.map { Array($0.name.utf8) } == names.map { Array($0.utf8) })
            for (index, name) in names.enumerated() {
                let entry = try #require(file[name])
                #expect(file.withBytes(of: entry) { $0.loadUnaligned(as: Int.self) } == index)
            }
        }
    }

    @Test func largerElementsComeFirstAndOrderIsKeptAmongEquals() throws {
        try withTemporaryFolder { folder in
            let url = folder.appending(path: "order.safetensors")
            try SafetensorsFile.write(
                [
                    StoredTensor(name: "z", dtype: .uint8, shape: [3], elements: [1, 2, 3] as [UInt8]),
                    StoredTensor(name: "y", dtype: .float32, shape: [1], elements: [1 as Float]),
                    StoredTensor(name: "b", dtype: .float64, shape: [1], elements: [1.0]),
                    StoredTensor(name: "x", dtype: .float32, shape: [1], elements: [2 as Float]),
                    StoredTensor(name: "a", dtype: .float64, shape: [1], elements: [2.0]),
                ], to: url)
            let file = try SafetensorsFile(url)
            #expect(file.entries.map(\.name) == ["b", "a", "y", "x", "z"])
            for entry in file.entries {
                let start = file.index.location(of: entry, file: "f").lowerBound
                #expect(start % entry.dtype.byteCount == 0, "\(entry.name) is not aligned")
            }
        }
    }

    @Test func theSameContentsGiveTheSameBytes() throws {
        let metadata = Dictionary(uniqueKeysWithValues: (0..<20).map { ("key \($0)", "value \($0)") })
        try withTemporaryFolder { folder in
            let files = try ["a", "b"].map { name in
                let url = folder.appending(path: name)
                let tensors = [StoredTensor(name: "w", dtype: .float32, shape: [2], elements: [1, 2] as [Float])]
                try SafetensorsFile.write(tensors, metadata: metadata, to: url)
                return try Data(contentsOf: url)
            }
            #expect(files[0] == files[1])
        }
    }

    @Test func aTensorMayHandOverItsBytesInPieces() throws {
        try withTemporaryFolder { folder in
            let url = folder.appending(path: "pieces.safetensors")
            let tensor = StoredTensor(name: "w", dtype: .int32, shape: [100, 3]) { sink in
                for row in 0..<100 {
                    try [Int32](repeating: Int32(row), count: 3).withUnsafeBytes { try sink($0) }
                }
            }
            try SafetensorsFile.write([tensor], to: url)
            let file = try SafetensorsFile(url)
            let sum = file.withBytes(of: file.entries[0]) { bytes in
                (0..<300).reduce(0) { $0 + Int(bytes.loadUnaligned(fromByteOffset: 4 * $1, as: Int32.self)) }
            }
            #expect(sum == 3 * 99 * 50)
        }
    }

    @Test func anEntryOfAnotherFileTraps() async throws {
        let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
            let files = try withTemporaryFolder { folder in
                try [1, 2].map { count in
                    let url = folder.appending(path: "\(count)")
                    let zeros = [UInt8](repeating: 0, count: count)
                    try SafetensorsFile.write(
                        [StoredTensor(name: "w", dtype: .uint8, shape: [count], elements: zeros)], to: url)
                    return try SafetensorsFile(url)
                }
            }
            // The folder is gone; the mapped files live on.
            files[0].withBytes(of: files[1].entries[0]) { _ in }
        }
        let message = String(decoding: try #require(result).standardErrorContent, as: UTF8.self)
        #expect(message.contains("expected an entry of"))
    }
}
