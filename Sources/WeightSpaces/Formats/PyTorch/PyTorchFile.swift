public import FoundationEssentials

/// A checkpoint of PyTorch (`.pt`, `.pth`, `.bin`), mapped: storages, and a pickle that names the tensors which view them.
///
/// Both formats are read and written: the zip archive, and that of PyTorch before version 1.6. Nothing in the pickle is
/// executed: it is read as a description of data. The tensors are those of the state dictionary, which may be the whole
/// pickle or lie under a usual key (`state_dict`, `model`, …), and those of TorchScript's modules. Objects beside them
/// are passed over; plain values are in ``metadata``.
public struct PyTorchFile: Checkpoint {
    struct Location: Sendable {
        /// The storage's key.
        let storage: String
        let layout: StridedLayout
    }

    let index: CheckpointIndex<Location>
    let container: any PyTorchContainer
    public let passedOver: [String: String]

    /// Opens the checkpoint at `url`.
    ///
    /// - Throws: `FileError` when it cannot be read; `FormatError` when it is not a sound checkpoint, is a big-endian
    ///   one, or has only tensors that are not read.
    public init(_ url: URL) throws {
        let file = try MappedFile(url)
        let isLegacy = file.withUnsafeBytes { LegacyPyTorch.isStart(Array($0.prefix(LegacyPyTorch.startCount))) }
        try self.init(isLegacy ? LegacyPyTorch(file) : PyTorchArchive(ZipArchive(file)))
    }

    init(_ container: any PyTorchContainer) throws {
        let items = try Self.items(of: container)
        index = try CheckpointIndex(items.tensors, file: container.file.url.relativePath)
        (self.container, passedOver) = (container, items.passedOver)
    }

    /// Where the file is.
    public var url: URL { container.file.url }
    /// The tensors, in the order of the state dictionary.
    public var entries: [CheckpointEntry] { index.entries }

    public subscript(name: String) -> CheckpointEntry? { index[name] }

    /// The plain values that stand beside the tensors: settings, counts and names, in lists and dictionaries.
    ///
    /// What is not plain is left out, as ``PlainValue`` has no case for it; whole numbers are keys in decimals.
    ///
    /// - Throws: `FormatError` when they would take much more memory than the file.
    public var metadata: [String: PlainValue] {
        get throws {
            try Self.withPickle(of: container) { pickle, budget in
                try PickledMetadata(of: pickle, budget: max(8 << 20, budget), file: url.relativePath).values
            }
        }
    }

    /// Calls `body` with the elements of `entry`: not copied where they lie row-major and uncompressed.
    public func withBytes<Result>(
        of entry: CheckpointEntry, _ body: (UnsafeRawBufferPointer) throws -> Result
    ) throws -> Result {
        let location = index.location(of: entry, file: url.relativePath)
        let size = entry.dtype.byteCount
        return try container.withStorage(location.storage) { storage in
            if let range = location.layout.contiguousRange {
                return try body(
                    UnsafeRawBufferPointer(rebasing: storage[range.lowerBound * size..<range.upperBound * size]))
            }
            return try location.layout.gather(from: storage, size: size).withUnsafeBytes { try body($0) }
        }
    }

    private static func items(
        of container: any PyTorchContainer
    ) throws -> (tensors: [(CheckpointEntry, Location)], passedOver: [String: String]) {
        let file = container.file.url.relativePath
        return try withPickle(of: container) { pickle, budget in
            var (tensors, passedOver, axes) = ([(CheckpointEntry, Location)](), [String: String](), 0)
            var firstError: FormatError?
            for (name, object) in try StateDictionary(of: pickle, budget: budget, file: file).tensors {
                let call: TensorCall
                do throws(FormatError) {
                    call = try TensorCall(object, of: pickle, tensor: name, file: file)
                } catch {
                    guard case .unusableTensor(_, _, let found) = error else { throw error }
                    firstError = firstError ?? error
                    passedOver[name] = found
                    continue
                }
                axes += call.shape.count
                guard axes <= budget / 16 else {
                    throw FormatError.malformed(
                        file: file, part: "the pickle", expected: "at most \(budget / 16) axes", found: "more")
                }
                let found = container.byteCount(ofStorage: call.key)
                guard found == call.storageByteCount else {
                    throw FormatError.malformed(
                        file: file, part: "tensor \(name.quoted)",
                        expected: "a storage \(call.key.quoted) of \(call.storageByteCount) bytes",
                        found: found.map { "\($0) bytes" } ?? "none")
                }
                let entry = CheckpointEntry(name: name, dtype: call.dtype, shape: call.shape)
                tensors.append((entry, Location(storage: call.key, layout: call.layout)))
            }
            if tensors.isEmpty, let firstError { throw firstError }
            return (tensors, passedOver)
        }
    }

    /// Calls `body` with what the pickle says, and about how many bytes may be made of it.
    private static func withPickle<Result>(
        of container: any PyTorchContainer, _ body: (Pickle, _ budget: Int) throws -> Result
    ) throws -> Result {
        let count = container.file.count
        return try container.withPickle { bytes in
            let file = container.file.url.relativePath
            let pickle = try PickleMachine.read(bytes, budget: pickleBudget(count), file: file)
            return try body(pickle, max(1 << 20, 2 * count))
        }
    }

    /// About how many bytes the records of a pickle may take in a file of `count` bytes.
    static func pickleBudget(_ count: Int) -> Int { max(64 << 20, 2 * count) }
}
