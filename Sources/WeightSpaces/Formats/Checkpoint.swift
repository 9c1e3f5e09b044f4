public import FoundationEssentials
public import Torch

/// A file, or a folder of files, that holds the named tensors of one network.
///
/// Every format of such files conforms. The bytes stay on disk until they are asked for.
public protocol Checkpoint: Sendable {
    /// Where the file is.
    var url: URL { get }

    /// The folder with the files that belong to it.
    var folder: URL { get }

    /// What the file says about each tensor, under distinct names.
    var entries: [CheckpointEntry] { get }

    /// What the file has beside the entries under names of tensors, and is passed over: by name, the kind that it is of.
    var passedOver: [String: String] { get }

    /// The tensor called `name`, if there is one.
    subscript(name: String) -> CheckpointEntry? { get }

    /// Calls `body` with the elements of `entry`, row-major and little-endian, at any alignment.
    ///
    /// The bytes are valid only during the call.
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
    /// - Throws: `FormatError` for elements that do not fit, `FileError`, and what `elements` throws.
    func write(to url: URL, elements: (CheckpointEntry) throws -> [UInt8]) throws
}

extension Checkpoint {
    public var folder: URL { url.deletingLastPathComponent() }

    public var passedOver: [String: String] { [:] }

    public subscript(name: String) -> CheckpointEntry? { entries.first { $0.name == name } }

    /// A copy of the elements of `entry`, or `nil` when tensors have no such element type.
    ///
    /// - Throws: `FormatError` when the bytes turn out to be damaged.
    /// - Traps: when `entry` is not one of this file's.
    public func tensor(_ entry: CheckpointEntry) throws -> Tensor? {
        guard let dtype = entry.dtype.tensorDType else { return nil }
        return try withBytes(of: entry) { Tensor(bytes: $0, shape: entry.shape, dtype: dtype) }
    }

    /// The parameters of a weight space, by name.
    ///
    /// - Throws: ``WeightSpaceError`` when one is missing; `FormatError` when it is of a kind or type that is not read,
    ///   and when its bytes turn out to be damaged.
    public func parameters(of space: WeightSpace) throws -> [String: Tensor] {
        var result: [String: Tensor] = [:]
        for name in Set(space.blocks.map(\.parameter)).sorted() {
            guard let entry = self[name] else { throw missing(name) }
            guard let tensor = try tensor(entry) else {
                throw FormatError.unusableTensor(
                    file: url.relativePath, tensor: name, found: "elements of type \(entry.dtype.rawValue)")
            }
            result[name] = tensor
        }
        return result
    }

    /// The error for a tensor that is asked for and has no entry.
    func missing(_ name: String) -> any Error {
        guard let found = passedOver[name] else {
            return WeightSpaceError.missingParameter(name, found: entries.map(\.name))
        }
        return FormatError.unusableTensor(file: url.relativePath, tensor: name, found: found)
    }

    /// The new elements of `entry`, checked to be as many bytes as the old ones.
    func checked(_ elements: [UInt8], of entry: CheckpointEntry) throws(FormatError) -> [UInt8] {
        guard elements.count == entry.byteCount else {
            throw .byteCount(
                file: url.relativePath, tensor: entry.name, expected: entry.byteCount, found: elements.count)
        }
        return elements
    }
}
