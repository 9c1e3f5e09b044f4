import FoundationEssentials

extension ZipArchive {
    /// Writes a copy of the archive in which some members have other contents; everything else is kept.
    ///
    /// A compressed member whose contents change is stored instead, which moves what follows it.
    ///
    /// - Parameter contents: the unpacked bytes of a member, as many as before, or `nil` to keep them; asked for once
    ///   per member, in the order of the file.
    func write(to url: URL, replacing contents: (ZipMember) throws -> [UInt8]?) throws {
        try file.withUnsafeBytes { source in
            try AtomicFile.write(to: url) { output in
                var (copied, written) = (0, 0)
                var records: [(place: Int, bytes: [UInt8])] = []
                records.reserveCapacity(members.count)
                for member in members {
                    try Self.emit(source[copied..<member.start], to: output, &written)
                    copied = member.start
                    var replacement = ZipReplacement(of: member, in: source, at: written)
                    if let bytes = try contents(member) {
                        precondition(bytes.count == member.count, "expected \(member.count) bytes for \(member.name)")
                        replacement.checksum = bytes.withUnsafeBytes { CRC32(of: $0).value }
                        for part in [replacement.header, bytes, replacement.description] {
                            try part.withUnsafeBytes { try Self.emit($0[...], to: output, &written) }
                        }
                    } else {
                        try Self.emit(source[copied..<member.end], to: output, &written)
                    }
                    copied = member.end
                    records.append((member.directoryRecord.lowerBound, replacement.directoryRecord))
                }
                try Self.emit(source[copied..<end.directory.lowerBound], to: output, &written)
                let start = written
                for record in records.sorted(by: { $0.place < $1.place }) {
                    try record.bytes.withUnsafeBytes { try Self.emit($0[...], to: output, &written) }
                }
                try end.moved(source, to: start..<written).withUnsafeBytes { try output.write($0) }
            }
        }
    }

    private static func emit(
        _ bytes: Slice<UnsafeRawBufferPointer>, to output: borrowing AtomicFile, _ written: inout Int
    ) throws {
        try output.write(UnsafeRawBufferPointer(rebasing: bytes))
        written += bytes.count
    }
}
