public import FoundationEssentials

/// A NumPy file with one array (`.npy`), mapped; the tensor has the file's name without its extension.
public struct NumPyFile: Checkpoint {
    public let entries: [CheckpointEntry]
    private let array: NumPyArray
    private let file: MappedFile

    /// Opens the file at `url`.
    ///
    /// - Throws: `FileError` when it cannot be read; `FormatError` when it is not a whole array of numbers.
    public init(_ url: URL) throws {
        try self.init(MappedFile(url))
    }

    init(_ file: MappedFile) throws {
        let (name, path) = (file.url.deletingPathExtension().lastPathComponent, file.url.relativePath)
        let array = try file.withUnsafeBytes { bytes in
            try NumPyArray(front: bytes, count: bytes.count, tensor: name, file: path)
        }
        guard let array else { throw FormatError.unknownDType(file: path, tensor: name, found: "texts or objects") }
        entries = [CheckpointEntry(name: name, dtype: array.dtype, shape: array.shape)]
        (self.array, self.file) = (array, file)
    }

    /// Whether the first index runs fastest, so that reading any of the numbers takes a copy of all.
    package var isColumnMajor: Bool { array.isColumnMajor }

    /// Where the file is.
    public var url: URL { file.url }

    public func withBytes<Result>(
        of entry: CheckpointEntry, _ body: (UnsafeRawBufferPointer) throws -> Result
    ) throws -> Result {
        precondition(entry == entries[0], "expected the entry of \(url.relativePath), got \(entry)")
        return try file.withUnsafeBytes { try array.withElements(of: $0, body) }
    }

    public func write(to url: URL, elements: (CheckpointEntry) throws -> [UInt8]) throws {
        try AtomicFile.write(to: url) { output in
            try file.withUnsafeBytes { try output.write(UnsafeRawBufferPointer(rebasing: $0[..<array.dataStart])) }
            let elements = try checked(try elements(entries[0]), of: entries[0])
            try array.inFileOrder(elements).withUnsafeBytes { try output.write($0) }
        }
    }
}
