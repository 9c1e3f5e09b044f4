public import FoundationEssentials

/// A checkpoint of PyTorch (`.pt`, `.pth`, `.bin`), mapped: a zip archive of storages and a pickle that names the tensors.
///
/// Nothing in the pickle is executed: it is read as a description of data, and an object that tensors do not need is an
/// error that names it. The tensors are those of the state dictionary, which may be the whole pickle or lie under a
/// usual key (`state_dict`, `model`, …), and those of TorchScript's modules; everything else is passed over.
public struct PyTorchFile: Checkpoint {
    struct Location: Sendable {
        let member: ZipMember
        let layout: StridedLayout
    }

    let index: CheckpointIndex<Location>
    let archive: ZipArchive

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
        self.index = try CheckpointIndex(try Self.items(pickles[0], folder, of: archive), file: file)
        self.archive = archive
    }

    /// Where the file is.
    public var url: URL { archive.file.url }
    /// The tensors, in the order of the state dictionary.
    public var entries: [CheckpointEntry] { index.entries }

    public subscript(name: String) -> CheckpointEntry? { index[name] }

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
    ) throws -> [(CheckpointEntry, Location)] {
        let file = archive.name
        guard member.method == .stored else {
            throw FormatError.malformed(
                file: file, part: "the pickle", expected: "a stored member", found: "a compressed one")
        }
        return try archive.file.withUnsafeBytes { contents in
            let bytes = UnsafeRawBufferPointer(rebasing: contents[member.data])
            let budget = max(1 << 20, 2 * contents.count)
            let pickle = try PickleMachine.read(bytes, budget: budget, file: file)
            var axes = 0
            return try StateDictionary(of: pickle, budget: budget, file: file).tensors.map { name, call in
                let call = try TensorCall(call, of: pickle, tensor: name, file: file)
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
                return (entry, Location(member: member, layout: call.layout))
            }
        }
    }
}
