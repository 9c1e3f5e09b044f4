/// One file inside a zip archive: what the archive's directory says about it, checked against its own header.
///
/// - Source: PKWARE, APPNOTE 6.3.10, sections 4.3.7 to 4.3.12 and 4.5.3.
struct ZipMember: Sendable {
    /// How a member's bytes are kept.
    enum Method: UInt16 {
        case stored = 0
        case deflated = 8
    }

    static let (headerCount, directoryRecordCount) = (30, 46)
    /// The largest number that 32 bits hold beside the one that says "see the zip64 field".
    static let longest32 = Int(UInt32.max) - 1
    private static let (headerSignature, directorySignature): (UInt32, UInt32) = (0x0403_4B50, 0x0201_4B50)
    private static let (encrypted, described, patched, masked): (UInt16, UInt16, UInt16, UInt16) = (1, 8, 32, 8_192)

    let name: String
    let method: Method
    let checksum: UInt32
    /// How many bytes the member has when it is unpacked.
    let count: Int
    /// Its record in the archive's directory.
    let directoryRecord: Range<Int>
    /// Where its own header begins.
    let start: Int
    /// Its packed bytes.
    let data: Range<Int>
    /// Where the next member may begin: after the data and the record that may follow it.
    let end: Int

    /// Reads the record at `offset` of the directory, and the header of the member that it points to.
    ///
    /// - Parameter directory: where the directory lies; the members lie before it.
    init(
        of bytes: UnsafeRawBufferPointer, at offset: Int, directory: Range<Int>, file: String
    ) throws(FormatError) {
        func malformed(_ expected: String, _ found: String, in name: String? = nil) -> FormatError {
            let part = name.map { "member \($0.quoted)" } ?? "the zip directory at byte \(offset)"
            return .malformed(file: file, part: part, expected: expected, found: found)
        }
        guard offset <= directory.upperBound - Self.directoryRecordCount,
            bytes.integer(at: offset) == Self.directorySignature
        else { throw malformed("a member's record", "none") }
        // The reads of fixed fields succeed from here on.
        func field<Integer: FixedWidthInteger & BitwiseCopyable>(_ at: Int, _: Integer.Type) -> Integer {
            bytes.integer(at: offset + at)!
        }
        let nameCount = Int(field(28, UInt16.self))
        let (extraCount, commentCount) = (Int(field(30, UInt16.self)), Int(field(32, UInt16.self)))
        let nameStart = offset + Self.directoryRecordCount
        let extraStart = nameStart + nameCount
        let recordEnd = extraStart + extraCount + commentCount
        guard recordEnd <= directory.upperBound else { throw malformed("a whole record", "one that ends early") }
        let storedName = UnsafeRawBufferPointer(rebasing: bytes[nameStart..<extraStart])
        guard nameCount <= HeaderScanner.longestName, let name = String(validating: storedName, as: UTF8.self) else {
            throw malformed("a name of at most \(HeaderScanner.longestName) bytes in UTF-8", "another")
        }
        let flags = field(8, UInt16.self)
        guard flags & (Self.encrypted | Self.patched | Self.masked) == 0 else {
            throw malformed("a plain member", "an encrypted one", in: name)
        }
        guard let method = Method(rawValue: field(10, UInt16.self)) else {
            throw malformed("method 0 (stored) or 8 (DEFLATE)", "\(field(10, UInt16.self))", in: name)
        }
        var sizes = ZipExtra.Sizes(
            count: field(24, UInt32.self), packed: field(20, UInt32.self), start: field(42, UInt32.self))
        let extra = UnsafeRawBufferPointer(rebasing: bytes[extraStart..<extraStart + extraCount])
        guard sizes.complete(from: extra) else { throw malformed("a zip64 field with its sizes", "none", in: name) }
        let members = UInt64(directory.lowerBound)
        guard sizes.start < members, sizes.packed < members,
            sizes.count <= (method == .stored ? sizes.packed : Inflater.largestCount(from: sizes.packed)),
            method == .deflated || sizes.count == sizes.packed
        else {
            let found = "\(sizes.count) bytes in \(sizes.packed) at byte \(sizes.start)"
            throw malformed("sizes that the file has room for", found, in: name)
        }
        let start = Int(sizes.start)
        guard bytes.integer(at: start) == Self.headerSignature,
            let ownNameCount = bytes.integer(at: start + 26, as: UInt16.self),
            let ownExtraCount = bytes.integer(at: start + 28, as: UInt16.self),
            let ownName = bytes.part(start + Self.headerCount..<start + Self.headerCount + Int(ownNameCount)),
            ownName.elementsEqual(storedName), bytes.integer(at: start + 8) == method.rawValue
        else { throw malformed("a header of its own with the same name and method", "another", in: name) }
        let dataStart = start + Self.headerCount + Int(ownNameCount) + Int(ownExtraCount)
        let dataEnd = dataStart + Int(sizes.packed)
        checksum = field(16, UInt32.self)
        let described = bytes.integer(at: start + 6, as: UInt16.self)! & Self.described != 0
        let description = described ? ZipDescription(after: dataEnd, of: bytes, sizes, checksum) : nil
        guard !described || description != nil else { throw malformed("its sizes after its data", "none", in: name) }
        end = dataEnd + (description?.count ?? 0)
        guard end <= directory.lowerBound else {
            throw malformed("members before the directory", "one that reaches into it", in: name)
        }
        (self.name, self.method, self.start) = (name, method, start)
        count = Int(sizes.count)
        data = dataStart..<dataEnd
        directoryRecord = offset..<recordEnd
    }
}
