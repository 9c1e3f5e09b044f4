/// The record that may follow a member's data: its checksum and sizes, for writers that did not know them before.
struct ZipDescription {
    /// How many bytes the record has.
    let count: Int

    private static let signature: UInt32 = 0x0807_4B50

    /// Finds the record at `offset`, in one of the four forms that are in use, or returns `nil`.
    init?(after offset: Int, of bytes: UnsafeRawBufferPointer, _ sizes: ZipExtra.Sizes, _ checksum: UInt32) {
        for (isSigned, isWide) in [(true, false), (true, true), (false, false), (false, true)] {
            let start = isSigned ? 4 : 0
            guard !isSigned || bytes.integer(at: offset) == Self.signature,
                bytes.integer(at: offset + start) == checksum
            else { continue }
            let packed = offset + start + 4
            let found: (UInt64?, UInt64?) =
                isWide
                ? (bytes.integer(at: packed), bytes.integer(at: packed + 8))
                : (
                    bytes.integer(at: packed, as: UInt32.self).map(UInt64.init),
                    bytes.integer(at: packed + 4, as: UInt32.self).map(UInt64.init)
                )
            guard found == (sizes.packed, sizes.count) else { continue }
            count = start + (isWide ? 20 : 12)
            return
        }
        return nil
    }
}
