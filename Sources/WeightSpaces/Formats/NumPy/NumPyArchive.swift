public import FoundationEssentials

/// A NumPy archive (`.npz`): a zip archive of arrays, stored or compressed.
///
/// Stored arrays are mapped, compressed ones are inflated each time they are asked for, and become stored ones when
/// they are written. Arrays of texts, dates, objects and records are passed over and kept as they are; objects are
/// never unpickled.
public struct NumPyArchive: Checkpoint {
    private let index: CheckpointIndex<(member: ZipMember, array: NumPyArray)>
    private let archive: ZipArchive

    static let suffix = ".npy"

    /// Opens the archive at `url`.
    ///
    /// - Throws: `FileError` when it cannot be read; `FormatError` when it is not a sound archive of whole arrays.
    public init(_ url: URL) throws {
        try self.init(ZipArchive(MappedFile(url)))
    }

    init(_ archive: ZipArchive) throws {
        let longest = NumPyHeader.longest + 12
        let items = try archive.members.compactMap { member -> (CheckpointEntry, (ZipMember, NumPyArray))? in
            guard member.name.hasSuffix(Self.suffix) else { return nil }
            let name = String(member.name.dropLast(Self.suffix.count))
            var front = try archive.front(of: member, count: Self.usualFront)
            if front.count < member.count, front.withUnsafeBytes({ NumPyHeader.isCutShort($0) }) {
                front = try archive.front(of: member, count: longest)
            }
            let array = try front.withUnsafeBytes { bytes in
                try NumPyArray(front: bytes, count: member.count, tensor: name, file: archive.name)
            }
            return array.map { (CheckpointEntry(name: name, dtype: $0.dtype, shape: $0.shape), (member, $0)) }
        }
        index = try CheckpointIndex(items, file: archive.name)
        self.archive = archive
    }

    /// Headers are mostly padded to 128 bytes.
    private static let usualFront = 1_024

    /// Where the archive is.
    public var url: URL { archive.file.url }
    /// The arrays of numbers, in the order in which they lie in the file.
    public var entries: [CheckpointEntry] { index.entries }

    public subscript(name: String) -> CheckpointEntry? { index[name] }

    public func withBytes<Result>(
        of entry: CheckpointEntry, _ body: (UnsafeRawBufferPointer) throws -> Result
    ) throws -> Result {
        let (member, array) = index.location(of: entry, file: url.relativePath)
        return try archive.withBytes(of: member) { try array.withElements(of: $0, body) }
    }

    public func write(to url: URL, elements: (CheckpointEntry) throws -> [UInt8]) throws {
        try archive.write(to: url) { member in
            let name = String(member.name.dropLast(Self.suffix.count))
            guard member.name.hasSuffix(Self.suffix), let entry = index[name] else { return nil }
            let array = index.location(of: entry, file: url.relativePath).array
            let header = try archive.front(of: member, count: array.dataStart)
            return header + array.inFileOrder(try checked(try elements(entry), of: entry))
        }
    }
}
