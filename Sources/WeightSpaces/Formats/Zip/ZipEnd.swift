/// The end of a zip archive, which says where its directory lies; with the larger numbers of zip64 where it has them.
///
/// - Source: PKWARE, APPNOTE 6.3.10, sections 4.3.14 to 4.3.16.
struct ZipEnd {
    /// How many members the archive has.
    let count: Int
    /// The bytes of the directory, which end where the end begins.
    let directory: Range<Int>
    /// Whether the larger records are there.
    let isZip64: Bool

    private static let signature: UInt32 = 0x0605_4B50
    private static let signature64: UInt32 = 0x0606_4B50
    private static let locatorSignature: UInt32 = 0x0706_4B50
    private static let (recordCount, recordCount64, locatorCount) = (22, 56, 20)

    /// Finds the end of the archive `bytes`.
    ///
    /// - Parameter file: the name for messages.
    init(of bytes: UnsafeRawBufferPointer, file: String) throws(FormatError) {
        func malformed(_ expected: String, _ found: String) -> FormatError {
            .malformed(file: file, part: "the end of the zip archive", expected: expected, found: found)
        }
        guard let start = Self.start(in: bytes) else {
            throw malformed("an end record after the members", "none; the file may have been cut short")
        }
        // These reads succeed: `start` leaves room for the record.
        let disks = bytes.integer(at: start + 4, as: UInt32.self)!
        let counts = (bytes.integer(at: start + 8, as: UInt16.self)!, bytes.integer(at: start + 10, as: UInt16.self)!)
        guard disks == 0, counts.0 == counts.1 else { throw malformed("an archive in one part", "one in several") }
        var (count, size) = (UInt64(counts.0), UInt64(bytes.integer(at: start + 12, as: UInt32.self)!))
        var offset = UInt64(bytes.integer(at: start + 16, as: UInt32.self)!)
        var end = start
        let locator = start - Self.locatorCount
        isZip64 = bytes.integer(at: locator) == Self.locatorSignature
        if isZip64 {
            guard let record = bytes.integer(at: locator + 8, as: UInt64.self), record < UInt64(locator),
                bytes.integer(at: Int(record)) == Self.signature64, locator - Int(record) >= Self.recordCount64
            else { throw malformed("a zip64 record before its locator", "none") }
            end = Int(record)
            count = bytes.integer(at: end + 32)!
            size = bytes.integer(at: end + 40)!
            offset = bytes.integer(at: end + 48)!
        }
        guard size <= UInt64(end), offset == UInt64(end) - size else {
            throw malformed("a directory that ends at byte \(end)", "\(size) bytes at byte \(offset)")
        }
        guard count <= size / UInt64(ZipMember.directoryRecordCount) else {
            throw malformed("at most one member for \(ZipMember.directoryRecordCount) bytes", "\(count) in \(size)")
        }
        self.count = Int(count)
        directory = Int(offset)..<end
    }

    /// The end record's place: the last one whose comment reaches to the end of the file.
    private static func start(in bytes: UnsafeRawBufferPointer) -> Int? {
        var start = bytes.count - recordCount
        let first = max(0, start - Int(UInt16.max))
        while start >= first {
            if bytes[start] == 0x50, bytes.integer(at: start) == signature,
                let comment = bytes.integer(at: start + 20, as: UInt16.self),
                start + recordCount + Int(comment) == bytes.count
            {
                return start
            }
            start -= 1
        }
        return nil
    }

    /// The end of the archive `source`, with its directory elsewhere.
    ///
    /// - Parameter directory: where the directory lies now.
    func moved(_ source: UnsafeRawBufferPointer, to directory: Range<Int>) -> [UInt8] {
        var bytes = [UInt8](source[self.directory.upperBound...])
        guard directory != self.directory else { return bytes }
        if !isZip64, directory.upperBound > ZipMember.longest32 { bytes = Self.records64(count, directory) + bytes }
        let record = bytes.starts(with: withUnsafeBytes(of: Self.signature64.littleEndian) { Array($0) })
        if record {
            let locator = bytes.count - (source.count - Self.start(in: source)!) - Self.locatorCount
            bytes.put(UInt64(directory.count), at: 40)
            bytes.put(UInt64(directory.lowerBound), at: 48)
            bytes.put(UInt64(directory.upperBound), at: locator + 8)
        }
        let end = bytes.count - (source.count - Self.start(in: source)!)
        bytes.put(UInt32(clamping: directory.count), at: end + 12)
        bytes.put(UInt32(clamping: directory.lowerBound), at: end + 16)
        return bytes
    }

    /// The records that an archive needs as it grows beyond 32 bits.
    private static func records64(_ count: Int, _ directory: Range<Int>) -> [UInt8] {
        var bytes: [UInt8] = []
        bytes.append(signature64)
        bytes.append(UInt64(recordCount64 - 12))
        bytes.append(UInt16(45))
        bytes.append(UInt16(45))
        bytes.append(UInt64(0))
        for number in [count, count, directory.count, directory.lowerBound] { bytes.append(UInt64(number)) }
        bytes.append(locatorSignature)
        bytes.append(UInt32(0))
        bytes.append(UInt64(directory.upperBound))
        bytes.append(UInt32(1))
        return bytes
    }
}
