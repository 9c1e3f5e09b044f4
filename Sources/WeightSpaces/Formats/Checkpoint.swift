public import FoundationEssentials

/// A file, or a folder of files, that holds the named tensors of one network.
///
/// Every format of such files conforms. The bytes stay on disk until they are asked for.
public protocol Checkpoint: Sendable {
    /// Where the file is.
    var url: URL { get }

    /// What the file says about each tensor, under distinct names.
    var entries: [CheckpointEntry] { get }

    /// Calls `body` with the elements of `entry`, row-major and little-endian, at any alignment.
    ///
    /// - Throws: `FormatError` when the bytes turn out to be damaged, and what `body` throws.
    /// - Traps: when `entry` is not one of this file's.
    func withBytes<Result>(
        of entry: CheckpointEntry, _ body: (UnsafeRawBufferPointer) throws -> Result
    ) throws -> Result

    /// Writes a file of the same format with the same tensors, other elements, and everything else kept.
    ///
    /// The file appears only when it is complete.
    ///
    /// - Parameter elements: the new elements of a tensor, as many bytes as the old ones; asked for once per tensor.
    func write(to url: URL, elements: (CheckpointEntry) throws -> [UInt8]) throws
}

/// What a checkpoint says about one of its tensors.
public struct CheckpointEntry: Hashable, Sendable {
    /// The tensor's name.
    public let name: String
    /// The type of its elements.
    public let dtype: StoredDType
    /// Its extents, the last one running fastest; empty for a scalar.
    public let shape: [Int]

    /// An entry of a checkpoint.
    public init(name: String, dtype: StoredDType, shape: [Int]) {
        self.name = name
        self.dtype = dtype
        self.shape = shape
    }
}
