public import FoundationEssentials

/// A safetensors file, opened for reading: named tensors, and metadata of strings.
///
/// The whole header is checked when the file is opened, before anything is taken from it, so whatever an entry says
/// holds for the file's bytes. The bytes stay on disk until they are used.
///
/// - Source: the format's description in the `safetensors` repository's README.
public struct SafetensorsFile: Checkpoint {
    /// The strings under `__metadata__`.
    public let metadata: [String: String]
    /// The tensors of types whose elements are no whole bytes.
    public let passedOver: [String: String]

    let index: CheckpointIndex<Range<Int>>
    let file: MappedFile

    /// Opens the file at `url`.
    ///
    /// - Throws: `FileError` when it cannot be read; `FormatError` when it is not a whole and sound safetensors file.
    public init(_ url: URL) throws {
        try self.init(MappedFile(url))
    }

    init(_ file: MappedFile) throws {
        self.file = file
        let url = file.url
        let header = try file.withUnsafeBytes { try SafetensorsHeader(of: $0, file: url.relativePath) }
        index = CheckpointIndex(
            entries: header.entries.map { .init(name: $0.name, dtype: $0.dtype, shape: $0.shape) },
            locations: header.entries.map(\.byteRange), positions: header.positions)
        (metadata, passedOver) = (header.metadata, header.passedOver)
    }

    /// Where the file is.
    public var url: URL { file.url }
    /// The tensors, in the order in which their bytes lie in the file.
    public var entries: [CheckpointEntry] { index.entries }

    public subscript(name: String) -> CheckpointEntry? { index[name] }

    public func withBytes<Result>(
        of entry: CheckpointEntry, _ body: (UnsafeRawBufferPointer) throws -> Result
    ) rethrows -> Result {
        let range = index.location(of: entry, file: url.relativePath)
        return try file.withUnsafeBytes { try body(UnsafeRawBufferPointer(rebasing: $0[range])) }
    }
}
