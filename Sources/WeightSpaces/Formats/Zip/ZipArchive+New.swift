import FoundationEssentials

extension ZipArchive {
    /// Writes an archive of stored members whose contents begin at multiples of 64 bytes, as PyTorch's do.
    ///
    /// - Throws: `FormatError` when the whole does not fit in 32 bits; `FileError`.
    static func write(_ members: [(name: String, bytes: [UInt8])], to url: URL) throws {
        let total = members.reduce(0) { $0 + $1.bytes.count + 3 * $1.name.utf8.count + 256 }
        guard total < Int(UInt32.max), members.count < Int(UInt16.max) else {
            throw FormatError.malformed(
                file: url.relativePath, part: "the archive", expected: "less than 4 GiB to write",
                found: "\(total) bytes")
        }
        var (start, directory, fronts) = (0, [UInt8](), [[UInt8]]())
        for member in members {
            let (local, central) = headers(of: member, at: start)
            fronts.append(local)
            directory += central
            start += local.count + member.bytes.count
        }
        directory += Array("PK".utf8) + [5, 6] + little(0, 4) + little(members.count, 2) + little(members.count, 2)
        directory += little(directory.count - 12, 4) + little(start, 4) + little(0, 2)
        try AtomicFile.write(to: url) { output in
            for (header, member) in zip(fronts, members) {
                try header.withUnsafeBytes { try output.write($0) }
                try member.bytes.withUnsafeBytes { try output.write($0) }
            }
            try directory.withUnsafeBytes { try output.write($0) }
        }
    }

    /// What stands in front of a member's contents, and its record in the directory.
    private static func headers(
        of member: (name: String, bytes: [UInt8]), at start: Int
    ) -> (local: [UInt8], central: [UInt8]) {
        let name = Array(member.name.utf8)
        let checksum = member.bytes.withUnsafeBytes { CRC32(of: $0).value }
        let padding = (64 - (start + 30 + name.count + 4) % 64) % 64
        // An extra field that only fills up, as PyTorch writes it.
        let filler = Array("FB".utf8) + little(padding, 2) + [UInt8](repeating: UInt8(ascii: "Z"), count: padding)
        let sizes = little(member.bytes.count, 4) + little(member.bytes.count, 4)
        // No flags, stored, 1 January 1980.
        let common =
            little(0, 4) + little(0, 2) + little(0x21, 2) + little(Int(checksum), 4) + sizes + little(name.count, 2)
        let local = Array("PK".utf8) + [3, 4] + little(20, 2) + common + little(filler.count, 2) + name + filler
        let central = Array("PK".utf8) + [1, 2] + little(20, 2) + little(20, 2) + common + little(0, 12)
        return (local, central + little(start, 4) + name)
    }

    private static func little(_ value: Int, _ count: Int) -> [UInt8] {
        (0..<count).map { $0 < 8 ? UInt8(truncatingIfNeeded: value >> (8 * $0)) : 0 }
    }
}
