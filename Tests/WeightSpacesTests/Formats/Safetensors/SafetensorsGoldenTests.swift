import Foundation
import Testing
import WeightSpaces

/// One file, written out by hand from the format's description; the `safetensors` package of Python writes the same.
@Suite struct SafetensorsGoldenTests {
    private static let bytes: [UInt8] =
        [0xD0, 0, 0, 0, 0, 0, 0, 0]
        + Array(#"{"__metadata__":{"format":"pt"},"#.utf8)
        + Array(#""a.weight":{"dtype":"F32","shape":[1,2],"data_offsets":[0,8]},"#.utf8)
        + Array(#""b":{"dtype":"I16","shape":[],"data_offsets":[8,10]},"#.utf8)
        + Array(#""c":{"dtype":"U8","shape":[0],"data_offsets":[10,10]}}       "#.utf8)
        + [0, 0, 0x80, 0x3F, 0, 0, 0, 0xC0]
        + [0xFE, 0xFF]

    @Test func writingGivesTheBytes() throws {
        try withTemporaryFolder { folder in
            let url = folder.appending(path: "golden.safetensors")
            let tensors = [
                StoredTensor(name: "a.weight", dtype: .float32, shape: [1, 2], elements: [1, -2] as [Float]),
                StoredTensor(name: "b", dtype: .int16, shape: [], elements: [-2] as [Int16]),
                StoredTensor(name: "c", dtype: .uint8, shape: [0], elements: [UInt8]()),
            ]
            try SafetensorsFile.write(tensors, metadata: ["format": "pt"], to: url)
            #expect(try Array(Data(contentsOf: url)) == Self.bytes)
        }
    }

    @Test func readingGivesTheTensors() throws {
        try withTemporaryFolder { folder in
            let url = folder.appending(path: "golden.safetensors")
            try Data(Self.bytes).write(to: url)
            let file = try SafetensorsFile(url)
            #expect(file.metadata == ["format": "pt"])
            #expect(file.entries.map(\.name) == ["a.weight", "b", "c"])
            #expect(file.entries.map(\.shape) == [[1, 2], [], [0]])
            let values = file.withBytes(of: file.entries[0]) { bytes in
                [0, 4].map { bytes.loadUnaligned(fromByteOffset: $0, as: Float.self) }
            }
            #expect(values == [1, -2])
            #expect(file.withBytes(of: file.entries[1]) { $0.loadUnaligned(as: Int16.self) } == -2)
        }
    }
}
