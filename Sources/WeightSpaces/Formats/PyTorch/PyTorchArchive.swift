import FoundationEssentials

/// The zip archive that PyTorch writes from version 1.6 on: a pickle, and a member for each storage.
///
/// An archive that was packed anew is read as well: without a folder, or with compressed members, which are inflated
/// each time they are asked for and become stored ones where they are replaced.
struct PyTorchArchive: PyTorchContainer {
    private let archive: ZipArchive
    private let pickle: ZipMember
    private let folder: String

    private static let (pickleName, storages) = ("data.pkl", "data/")

    /// Whether a member of this name is the pickle of an archive.
    static func isPickle(_ name: String) -> Bool { name == pickleName || name.hasSuffix("/" + pickleName) }

    /// - Throws: `FormatError` when there is not one pickle, or the numbers are big-endian.
    init(_ archive: ZipArchive) throws {
        self.archive = archive
        let pickles = archive.members.filter { Self.isPickle($0.name) }
        guard pickles.count == 1 else {
            throw FormatError.malformed(
                file: archive.name, part: "the archive", expected: "one member …\(Self.pickleName)",
                found: "\(pickles.count)")
        }
        pickle = pickles[0]
        folder = String(pickle.name.dropLast(Self.pickleName.count))
        guard let order = archive["\(folder)byteorder"] else { return }
        let name = String(decoding: try archive.front(of: order, count: 8), as: UTF8.self)
        guard name == "little" else {
            throw FormatError.malformed(
                file: archive.name, part: "the byte order", expected: "little-endian numbers", found: name)
        }
    }

    var file: MappedFile { archive.file }

    func withPickle<Result>(_ body: (UnsafeRawBufferPointer) throws -> Result) throws -> Result {
        try withBytes(of: pickle, body)
    }

    func byteCount(ofStorage key: String) -> Int? { archive["\(folder)\(Self.storages)\(key)"]?.count }

    func withStorage<Result>(_ key: String, _ body: (UnsafeRawBufferPointer) throws -> Result) throws -> Result {
        guard let member = archive["\(folder)\(Self.storages)\(key)"] else {
            preconditionFailure("expected a storage of \(archive.name), got \(key)")
        }
        return try withBytes(of: member, body)
    }

    func write(to url: URL, replacing storage: (_ key: String) throws -> [UInt8]?) throws {
        let prefix = folder + Self.storages
        try archive.write(to: url) { member in
            guard member.name.hasPrefix(prefix) else { return nil }
            return try storage(String(member.name.dropFirst(prefix.count)))
        }
    }

    /// Calls `body` with the bytes of `member`; stored ones are not read for a checksum.
    private func withBytes<Result>(
        of member: ZipMember, _ body: (UnsafeRawBufferPointer) throws -> Result
    ) throws -> Result {
        guard member.method == .stored else { return try archive.withBytes(of: member, body) }
        return try file.withUnsafeBytes { try body(UnsafeRawBufferPointer(rebasing: $0[member.data])) }
    }
}
