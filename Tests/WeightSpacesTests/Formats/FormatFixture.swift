import Foundation
import Testing

@testable import WeightSpaces

/// A file that PyTorch or NumPy wrote; `Scripts/format-fixtures.py` says what is in it.
func fixture(_ name: String) throws -> URL {
    try #require(Bundle.module.url(forResource: name, withExtension: nil, subdirectory: "Fixtures/formats"))
}

extension Checkpoint {
    /// The elements of the tensor called `name`.
    func bytes(_ name: String) throws -> [UInt8] {
        try withBytes(of: try #require(self[name], "no tensor \(name)")) { Array($0) }
    }

    /// The elements of the tensor called `name`, as they lie in memory.
    func elements<Element: BitwiseCopyable>(_ name: String, as type: Element.Type) throws -> [Element] {
        let bytes = try bytes(name)
        return bytes.withUnsafeBytes { raw in
            stride(from: 0, to: raw.count, by: MemoryLayout<Element>.size).map {
                raw.loadUnaligned(fromByteOffset: $0, as: type)
            }
        }
    }

    /// Every tensor's elements, by name.
    func contents() throws -> [String: [UInt8]] {
        try Dictionary(uniqueKeysWithValues: entries.map { ($0.name, try bytes($0.name)) })
    }
}

/// Opens bytes as a checkpoint, from a file without a telling name.
func open(_ bytes: [UInt8], _ body: (any Checkpoint) throws -> Void = { _ in }) throws {
    try withTemporaryFolder { folder in
        let url = folder.appending(path: "file")
        try Data(bytes).write(to: url)
        try body(try Checkpoints.open(url))
    }
}

/// Expects that bytes are refused with a message that contains `text`.
func expectRefusal(_ bytes: [UInt8], _ text: String, sourceLocation: SourceLocation = #_sourceLocation) {
    #expect(
        performing: { try open(bytes) },
        throws: { error in
            guard error is FormatError, "\(error)".contains(text) else {
                Issue.record("expected \(text), got \(error)", sourceLocation: sourceLocation)
                return false
            }
            return true
        })
}
