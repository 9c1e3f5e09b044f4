public import FoundationEssentials

/// A checkpoint of PyTorch (`.pt`, `.pth`, `.bin`), mapped: a zip archive of storages and a pickle that names the tensors.
///
/// Nothing in the pickle is executed: it is read as a description of data. The tensors are those of the state dictionary,
/// which may be the whole pickle or lie under a usual key (`state_dict`, `model`, …), and those of TorchScript's modules.
/// Objects beside them are passed over; plain values are in ``metadata``.
public struct PyTorchFile: Checkpoint {
    struct Location: Sendable {
        let member: ZipMember
        let layout: StridedLayout
    }

    let index: CheckpointIndex<Location>
    let archive: ZipArchive
    public let unread: [String: String]
    private let pickle: ZipMember

    static let pickleSuffix = "/data.pkl"

    /// Opens the checkpoint at `url`.
    ///
    /// - Throws: `FileError` when it cannot be read; `FormatError` when it is not a sound checkpoint of dense tensors,
    ///   or a big-endian one.
    public init(_ url: URL) throws {
        try self.init(ZipArchive(MappedFile(url)))
    }

    init(_ archive: ZipArchive) throws {
        let file = archive.name
        let pickles = archive.members.filter { $0.name.hasSuffix(Self.pickleSuffix) }
        guard pickles.count == 1 else {
            throw FormatError.malformed(
                file: file, part: "the archive", expected: "one member …\(Self.pickleSuffix)", found: "\(pickles.count)"
            )
        }
        let folder = pickles[0].name.dropLast(Self.pickleSuffix.count)
        if let order = archive["\(folder)/byteorder"] {
            let name = String(decoding: try archive.front(of: order, count: 8), as: UTF8.self)
            guard name == "little" else {
                throw FormatError.malformed(
                    file: file, part: "the byte order", expected: "little-endian numbers", found: name)
            }
        }
        pickle = pickles[0]
        let items = try Self.items(pickle, folder, of: archive)
        (index, unread) = (try CheckpointIndex(items.tensors, file: file), items.unread)
        self.archive = archive
    }

    /// Where the file is.
    public var url: URL { archive.file.url }
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
            try Self.withPickle(pickle, of: archive) { pickle, budget in
                try PickledMetadata(of: pickle, budget: budget, file: archive.name).values
            }
        }
    }

    /// Calls `body` with the elements of `entry`: not copied where they lie row-major.
    public func withBytes<Result>(
        of entry: CheckpointEntry, _ body: (UnsafeRawBufferPointer) throws -> Result
    ) throws -> Result {
        let location = index.location(of: entry, file: url.relativePath)
        let size = entry.dtype.byteCount
        return try archive.file.withUnsafeBytes { bytes in
            let storage = UnsafeRawBufferPointer(rebasing: bytes[location.member.data])
            if let range = location.layout.contiguousRange {
                return try body(
                    UnsafeRawBufferPointer(rebasing: storage[range.lowerBound * size..<range.upperBound * size]))
            }
            return try location.layout.gather(from: storage, size: size).withUnsafeBytes { try body($0) }
        }
    }

    private static func items(
        _ member: ZipMember, _ folder: Substring, of archive: ZipArchive
    ) throws -> (tensors: [(CheckpointEntry, Location)], unread: [String: String]) {
        let file = archive.name
        return try withPickle(member, of: archive) { pickle, budget in
            var (tensors, unread, axes) = ([(CheckpointEntry, Location)](), [String: String](), 0)
            for (name, object) in try StateDictionary(of: pickle, budget: budget, file: file).tensors {
                let call: TensorCall
                do throws(FormatError) {
                    call = try TensorCall(object, of: pickle, tensor: name, file: file)
                } catch {
                    guard case .unreadTensor(_, _, let found) = error else { throw error }
                    unread[name] = found
                    continue
                }
                axes += call.shape.count
                guard axes <= budget / 16 else {
                    throw FormatError.malformed(
                        file: file, part: "the pickle", expected: "at most \(budget / 16) axes", found: "more")
                }
                let storage = "\(folder)/data/\(call.key)"
                guard let member = archive[storage], member.method == .stored, member.count == call.storageByteCount
                else {
                    throw FormatError.malformed(
                        file: file, part: "tensor \(name.quoted)",
                        expected: "a stored member \(storage.quoted) of \(call.storageByteCount) bytes",
                        found: archive[storage].map { "\($0.count) bytes" } ?? "none")
                }
                let entry = CheckpointEntry(name: name, dtype: call.dtype, shape: call.shape)
                tensors.append((entry, Location(member: member, layout: call.layout)))
            }
            return (tensors, unread)
        }
    }

    /// Calls `body` with what the pickle says, and about how many bytes may be made of it.
    private static func withPickle<Result>(
        _ member: ZipMember, of archive: ZipArchive, _ body: (Pickle, _ budget: Int) throws -> Result
    ) throws -> Result {
        guard member.method == .stored else {
            throw FormatError.malformed(
                file: archive.name, part: "the pickle", expected: "a stored member", found: "a compressed one")
        }
        return try archive.file.withUnsafeBytes { contents in
            let bytes = UnsafeRawBufferPointer(rebasing: contents[member.data])
            let pickle = try PickleMachine.read(bytes, budget: max(16 << 20, 2 * contents.count), file: archive.name)
            return try body(pickle, max(1 << 20, 2 * contents.count))
        }
    }
}
