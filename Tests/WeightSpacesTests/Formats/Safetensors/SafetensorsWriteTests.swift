import Foundation
import Testing

@testable import WeightSpaces

/// What the writer refuses, and that a refusal leaves nothing behind.
@Suite struct SafetensorsWriteTests {
    private struct Interruption: Error {}

    private static func byte(_ name: String) -> StoredTensor {
        StoredTensor(name: name, dtype: .uint8, shape: [1], elements: [7 as UInt8])
    }

    /// Expects that writing `tensors` over an existing file throws `matches` and leaves the folder as it was.
    private static func expectRefusal(_ tensors: [StoredTensor], _ matches: (any Error) -> Bool) throws {
        try withTemporaryFolder { folder in
            let url = folder.appending(path: "old.safetensors")
            try Data("old".utf8).write(to: url)
            #expect(performing: { try SafetensorsFile.write(tensors, to: url) }, throws: matches)
            #expect(try Data(contentsOf: url) == Data("old".utf8))
            #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path) == ["old.safetensors"])
        }
    }

    @Test(arguments: [("a", "a"), ("é", "e\u{301}")])
    func namesAreDistinct(first: String, second: String) throws {
        try Self.expectRefusal([Self.byte(first), Self.byte("b"), Self.byte(second)]) { error in
            if case .duplicateName? = error as? FormatError { true } else { false }
        }
    }

    @Test func theMetadataKeyIsNoName() throws {
        try Self.expectRefusal([Self.byte("__metadata__")]) { error in
            if case .reservedName? = error as? FormatError { true } else { false }
        }
    }

    @Test func whatCouldNotBeReadBackIsNotWritten() throws {
        try Self.expectRefusal([Self.byte(String(repeating: "n", count: HeaderScanner.longestName + 1))]) { error in
            if case .nameLength(_, _, 1024, 1025)? = error as? FormatError { true } else { false }
        }
        let rank = HeaderScanner.highestRank + 1
        let deep = StoredTensor(
            name: "w", dtype: .uint8, shape: Array(repeating: 1, count: rank), elements: [7 as UInt8])
        try Self.expectRefusal([deep]) { error in
            if case .rank(_, "w", 64, 65)? = error as? FormatError { true } else { false }
        }
    }

    @Test(arguments: [0, 3, 5])
    func theBytesAreAsManyAsTheShapeAsksFor(count: Int) throws {
        let tensor = StoredTensor(name: "w", dtype: .uint8, shape: [4], elements: [UInt8](repeating: 7, count: count))
        try Self.expectRefusal([Self.byte("a"), tensor]) { error in
            if case .byteCount(_, "w", 4, count)? = error as? FormatError { true } else { false }
        }
    }

    @Test func shapesBeyondSixtyThreeBitsAreRefused() throws {
        let tensor = StoredTensor(name: "w", dtype: .float32, shape: [.max, 2], elements: [Float]())
        try Self.expectRefusal([tensor]) { error in
            if case .shapeOverflow(_, "w", [.max, 2])? = error as? FormatError { true } else { false }
        }
    }

    @Test func anErrorOfATensorStopsTheFile() throws {
        let tensor = StoredTensor(name: "w", dtype: .uint8, shape: [1]) { _ in throw Interruption() }
        try Self.expectRefusal([Self.byte("a"), tensor]) { $0 is Interruption }
    }
}
