import FoundationEssentials

/// A zip archive, mapped: its members in the order of their bytes, which do not overlap.
///
/// Members are stored or deflated; archives in several parts, encrypted ones and those with bytes in front are refused.
struct ZipArchive: Sendable {
    let file: MappedFile
    let members: [ZipMember]
    let end: ZipEnd
    private let positions: [String: Int]

    var name: String { file.url.relativePath }

    /// Deflated data is taken for a bomb when it grows more than this many times…
    private static let largestRatio = 100
    /// … to more than this many bytes.
    private static let harmlessCount = 1 << 20

    /// Reads the directory of the archive in `file` and checks it against the members' own headers.
    init(_ file: MappedFile) throws {
        let name = file.url.relativePath
        let (end, members) = try Self.directory(of: file, name)
        var positions: [String: Int] = [:]
        var position = 0
        for (index, member) in members.enumerated() {
            guard member.start >= position else {
                throw FormatError.malformed(
                    file: name, part: "member \(member.name.quoted)",
                    expected: "one that begins at byte \(position) or later, where the one before it ends",
                    found: "one at byte \(member.start)")
            }
            position = member.end
            guard positions.updateValue(index, forKey: member.name) == nil else {
                throw FormatError.duplicateName(file: name, name: member.name)
            }
            let bound = max(Self.harmlessCount, member.data.count * Self.largestRatio)
            guard member.method == .stored || member.count <= bound else {
                throw FormatError.malformed(
                    file: name, part: "member \(member.name.quoted)",
                    expected: "data that inflates at most \(Self.largestRatio)-fold",
                    found: "\(member.count) bytes in \(member.data.count); store it without compression")
            }
        }
        (self.file, self.end, self.members, self.positions) = (file, end, members, positions)
    }

    private static func directory(of file: MappedFile, _ name: String) throws -> (ZipEnd, [ZipMember]) {
        try file.withUnsafeBytes { bytes in
            let end = try ZipEnd(of: bytes, file: name)
            var members: [ZipMember] = []
            members.reserveCapacity(end.count)
            var offset = end.directory.lowerBound
            for _ in 0..<end.count {
                members.append(try ZipMember(of: bytes, at: offset, directory: end.directory, file: name))
                offset = members[members.count - 1].directoryRecord.upperBound
            }
            guard offset == end.directory.upperBound else {
                throw FormatError.malformed(
                    file: name, part: "the zip directory",
                    expected: "\(end.count) records up to byte \(end.directory.upperBound)",
                    found: "an end at byte \(offset)")
            }
            members.sort { $0.start < $1.start }
            return (end, members)
        }
    }

    /// The member called `name`, if there is one.
    subscript(name: String) -> ZipMember? { positions[name].map { members[$0] } }

    /// The first bytes of `member`, unpacked, at most `count`.
    func front(of member: ZipMember, count: Int) throws -> [UInt8] {
        let count = min(count, member.count)
        switch member.method {
        case .stored: return file.withUnsafeBytes { Array($0[member.data].prefix(count)) }
        case .deflated: return try inflated(member, count: count)
        }
    }

    /// Calls `body` with the bytes of `member`, unpacked and compared with their checksum.
    func withBytes<Result>(of member: ZipMember, _ body: (UnsafeRawBufferPointer) throws -> Result) throws -> Result {
        switch member.method {
        case .stored:
            try file.withUnsafeBytes { bytes in
                let data = UnsafeRawBufferPointer(rebasing: bytes[member.data])
                try check(data, of: member)
                return try body(data)
            }
        case .deflated:
            try inflated(member, count: member.count).withUnsafeBytes { bytes in
                try check(bytes, of: member)
                return try body(bytes)
            }
        }
    }

    private func check(_ bytes: UnsafeRawBufferPointer, of member: ZipMember) throws {
        let found = CRC32(of: bytes).value
        guard found == member.checksum else {
            throw FormatError.malformed(
                file: name, part: "member \(member.name.quoted)",
                expected: "CRC-32 \(String(member.checksum, radix: 16))", found: String(found, radix: 16))
        }
    }

    /// The first `count` bytes of a deflated member; all of them must be there, and no more when these are all.
    private func inflated(_ member: ZipMember, count: Int) throws -> [UInt8] {
        let inflater = Inflater(.none)
        let bytes = file.withUnsafeBytes { bytes in
            var input = UnsafeRawBufferPointer(rebasing: bytes[member.data])
            return [UInt8](unsafeUninitializedCapacity: count) { room, filled in
                while !inflater.isBetweenMembers {
                    let rest = UnsafeMutableRawBufferPointer(rebasing: UnsafeMutableRawBufferPointer(room)[filled...])
                    guard let (consumed, produced) = inflater.inflate(input, into: rest), consumed + produced > 0
                    else { return }
                    input = UnsafeRawBufferPointer(rebasing: input[consumed...])
                    filled += produced
                }
            }
        }
        guard bytes.count == count, count < member.count || inflater.isBetweenMembers else {
            throw FormatError.malformed(
                file: name, part: "member \(member.name.quoted)",
                expected: "intact DEFLATE data of \(member.count) bytes", found: "\(bytes.count) bytes and no end")
        }
        return bytes
    }
}
