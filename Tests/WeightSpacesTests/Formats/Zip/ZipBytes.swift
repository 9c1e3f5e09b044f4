@testable import WeightSpaces

/// The parts of a zip archive before they are put together, so that each can be wrong on its own.
struct ZipBytes {
    struct Member {
        var name: [UInt8]
        var packed: [UInt8]
        var method: UInt16 = 0
        var flags: UInt16 = 0
        /// What the directory and the member's header say, where that is not the truth.
        var count: Int?
        var packedCount: Int?
        var checksum: UInt32?
        var start: Int?
        var ownName: [UInt8]?
        /// Whether the sizes stand in zip64 fields.
        var isLarge = false

        init(_ name: String, _ packed: [UInt8]) {
            self.name = Array(name.utf8)
            self.packed = packed
        }
    }

    var members: [Member]
    var prefix: [UInt8] = []
    var comment: [UInt8] = []
    var statedCount: Int?
    var statedDirectory: Int?

    init(_ members: [Member]) { self.members = members }

    /// The members of an archive that can be read.
    init(_ archive: ZipArchive) {
        members = archive.members.map { member in
            var copy = Member(member.name, archive.file.withUnsafeBytes { Array($0[member.data]) })
            copy.method = member.method.rawValue
            copy.count = member.count
            copy.checksum = member.method == .stored ? nil : member.checksum
            return copy
        }
    }

    /// The whole file.
    var joined: [UInt8] {
        var bytes = prefix
        var directory: [UInt8] = []
        for member in members {
            let start = member.start ?? bytes.count
            bytes += Self.header(of: member)
            bytes += member.packed
            if member.flags & 8 != 0 { bytes += Self.description(of: member) }
            directory += Self.record(of: member, start: start)
        }
        let start = statedDirectory ?? bytes.count
        bytes += directory
        bytes.append(0x0605_4B50 as UInt32)
        bytes.append(0 as UInt32)
        bytes.append(UInt16(statedCount ?? members.count))
        bytes.append(UInt16(statedCount ?? members.count))
        bytes.append(UInt32(directory.count))
        bytes.append(UInt32(start))
        bytes.append(UInt16(comment.count))
        return bytes + comment
    }

    private static func header(of member: Member) -> [UInt8] {
        var bytes: [UInt8] = []
        bytes.append(0x0403_4B50 as UInt32)
        bytes += fields(of: member, isBlank: member.flags & 8 != 0)
        let extra = member.isLarge ? extra(of: member) : []
        bytes.append(UInt16((member.ownName ?? member.name).count))
        bytes.append(UInt16(extra.count))
        return bytes + (member.ownName ?? member.name) + extra
    }

    private static func record(of member: Member, start: Int) -> [UInt8] {
        var bytes: [UInt8] = []
        bytes.append(0x0201_4B50 as UInt32)
        bytes.append(20 as UInt16)
        bytes += fields(of: member, isBlank: false)
        let extra = member.isLarge ? extra(of: member) : []
        bytes.append(UInt16(member.name.count))
        bytes.append(UInt16(extra.count))
        bytes.append(0 as UInt16)
        bytes.append(0 as UInt64)
        bytes.append(UInt32(truncatingIfNeeded: start))
        return bytes + member.name + extra
    }

    /// Version, flags, method, time, checksum and sizes, which both kinds of records share.
    private static func fields(of member: Member, isBlank: Bool) -> [UInt8] {
        var bytes: [UInt8] = []
        bytes.append(20 as UInt16)
        bytes.append(member.flags)
        bytes.append(member.method)
        bytes.append(0 as UInt32)
        bytes.append(isBlank ? 0 : checksum(of: member))
        let (packed, count) = sizes(of: member)
        bytes.append(isBlank ? 0 : member.isLarge ? .max : UInt32(truncatingIfNeeded: packed))
        bytes.append(isBlank ? 0 : member.isLarge ? .max : UInt32(truncatingIfNeeded: count))
        return bytes
    }

    private static func extra(of member: Member) -> [UInt8] {
        let (packed, count) = sizes(of: member)
        var bytes: [UInt8] = []
        bytes.append(1 as UInt16)
        bytes.append(16 as UInt16)
        bytes.append(UInt64(bitPattern: Int64(count)))
        bytes.append(UInt64(bitPattern: Int64(packed)))
        return bytes
    }

    private static func description(of member: Member) -> [UInt8] {
        let (packed, count) = sizes(of: member)
        var bytes: [UInt8] = []
        bytes.append(0x0807_4B50 as UInt32)
        bytes.append(checksum(of: member))
        bytes.append(UInt32(truncatingIfNeeded: packed))
        bytes.append(UInt32(truncatingIfNeeded: count))
        return bytes
    }

    private static func sizes(of member: Member) -> (packed: Int, count: Int) {
        let packed = member.packedCount ?? member.packed.count
        return (packed, member.count ?? packed)
    }

    private static func checksum(of member: Member) -> UInt32 {
        member.checksum ?? member.packed.withUnsafeBytes { CRC32(of: $0).value }
    }
}
