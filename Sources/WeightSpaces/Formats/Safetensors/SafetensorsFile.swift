public import FoundationEssentials

/// A safetensors file, opened for reading: named tensors, and metadata of strings.
///
/// The whole header is checked when the file is opened, before anything is taken from it, so whatever an entry says
/// holds for the file's bytes. The bytes stay on disk until they are used.
///
/// - Source: the format's description in the `safetensors` repository's README.
public struct SafetensorsFile: Sendable {
    /// What the header says about one tensor.
    public struct Entry: Equatable, Sendable {
        /// The tensor's name; names are distinct within a file.
        public let name: String
        /// The type of its elements.
        public let dtype: StoredDType
        /// Its extents, the last one running fastest; empty for a scalar.
        public let shape: [Int]
        /// Where its little-endian bytes lie in the file, at any alignment.
        public let byteRange: Range<Int>
    }

    /// The tensors, in the order in which their bytes lie in the file.
    public let entries: [Entry]
    /// The strings under `__metadata__`.
    public let metadata: [String: String]
    /// Where the file is.
    public var url: URL { file.url }

    private let positions: [String: Int]
    private let file: MappedFile

    /// Opens the file at `url`.
    ///
    /// - Throws: `FileError` when it cannot be read; `FormatError` when it is not a whole and sound safetensors file.
    public init(_ url: URL) throws {
        file = try MappedFile(url)
        let header = try file.withUnsafeBytes { try SafetensorsHeader(of: $0, file: url.relativePath) }
        entries = header.entries
        metadata = header.metadata
        positions = header.positions
    }

    /// The tensor called `name`, if there is one.
    public subscript(name: String) -> Entry? {
        positions[name].map { entries[$0] }
    }

    /// Calls `body` with the bytes of `entry`, not copied and valid only during the call.
    ///
    /// The bytes are little-endian and may lie at any alignment: load them unaligned, or copy them first.
    ///
    /// - Traps: when `entry` is not one of this file's.
    public func withBytes<Result>(
        of entry: Entry, _ body: (UnsafeRawBufferPointer) throws -> Result
    ) rethrows -> Result {
        precondition(self[entry.name] == entry, "expected an entry of \(url.relativePath), got \(entry)")
        return try file.withUnsafeBytes { try body(UnsafeRawBufferPointer(rebasing: $0[entry.byteRange])) }
    }
}
