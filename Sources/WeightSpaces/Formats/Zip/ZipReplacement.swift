/// The records of a member in the copy of an archive, where it may lie elsewhere and have other contents.
struct ZipReplacement {
    private let member: ZipMember
    private let source: UnsafeRawBufferPointer
    private let start: Int
    /// The checksum of the new contents, or `nil` where they are the old ones.
    var checksum: UInt32?

    /// - Parameters:
    ///   - source: the archive that holds `member`.
    ///   - start: where its header lies in the copy.
    init(of member: ZipMember, in source: UnsafeRawBufferPointer, at start: Int) {
        (self.member, self.source, self.start) = (member, source, start)
    }

    private var isUnpacked: Bool { checksum != nil && member.method == .deflated }
    private var packedCount: Int { isUnpacked ? member.count : member.data.count }

    /// What stands before the new contents.
    var header: [UInt8] {
        var bytes = [UInt8](source[member.start..<member.data.lowerBound])
        guard isUnpacked else {
            // A header that leaves the checksum to the record after the data goes on doing so.
            if source.integer(at: member.start + 14) == member.checksum { bytes.put(checksum!, at: 14) }
            return bytes
        }
        let extraStart = member.data.lowerBound - Int(source.integer(at: member.start + 28, as: UInt16.self)!)
        let isLarge = member.count > ZipMember.longest32
        let extra = ZipExtra.replacing(
            UnsafeRawBufferPointer(rebasing: source[extraStart..<member.data.lowerBound]),
            numbers: isLarge ? [member.count, member.count] : [])
        bytes.put(bytes.integer(at: 6) & Self.keptFlags, at: 6)
        bytes.put(ZipMember.Method.stored.rawValue, at: 8)
        bytes.put(checksum!, at: 14)
        bytes.put(isLarge ? .max : UInt32(member.count), at: 18)
        bytes.put(isLarge ? .max : UInt32(member.count), at: 22)
        bytes.put(UInt16(extra.count), at: 28)
        return bytes[..<(extraStart - member.start)] + extra
    }

    /// What stands after the new contents.
    var description: [UInt8] {
        var bytes = [UInt8](source[member.data.upperBound..<member.end])
        guard !bytes.isEmpty, !isUnpacked else { return [] }
        // Signed records have 16 or 24 bytes, others 12 or 20.
        bytes.put(checksum!, at: bytes.count % 8 == 0 ? 4 : 0)
        return bytes
    }

    /// The member's record in the directory.
    var directoryRecord: [UInt8] {
        var bytes = [UInt8](source[member.directoryRecord])
        if let checksum { bytes.put(checksum, at: 16) }
        guard isUnpacked || start != member.start else { return bytes }
        if isUnpacked {
            bytes.put(bytes.integer(at: 8) & Self.keptFlags, at: 8)
            bytes.put(ZipMember.Method.stored.rawValue, at: 10)
        }
        var large: [Int] = []
        for (number, offset) in [(member.count, 24), (packedCount, 20), (start, 42)] {
            let fits = number <= ZipMember.longest32
            bytes.put(fits ? UInt32(number) : .max, at: offset)
            if !fits { large.append(number) }
        }
        let extraStart = ZipMember.directoryRecordCount + Int(bytes.integer(at: 28))
        let extraEnd = extraStart + Int(bytes.integer(at: 30))
        let extra = bytes[extraStart..<extraEnd].withUnsafeBytes { ZipExtra.replacing($0, numbers: large) }
        bytes.put(UInt16(extra.count), at: 30)
        bytes.replaceSubrange(extraStart..<extraEnd, with: extra)
        return bytes
    }

    /// All flags but those of DEFLATE's level and of a record after the data.
    private static let keptFlags: UInt16 = ~0b1110
}

extension [UInt8] {
    fileprivate func integer(at offset: Int) -> UInt16 { UInt16(self[offset]) | UInt16(self[offset + 1]) << 8 }
}
