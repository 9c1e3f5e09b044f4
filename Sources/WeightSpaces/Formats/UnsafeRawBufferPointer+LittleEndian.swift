extension UnsafeRawBufferPointer {
    /// The little-endian integer at `offset`, at any alignment, or `nil` where the bytes end before.
    func integer<Integer: FixedWidthInteger & BitwiseCopyable>(
        at offset: Int, as type: Integer.Type = Integer.self
    ) -> Integer? {
        guard offset >= 0, offset <= count - MemoryLayout<Integer>.size else { return nil }
        return Integer(littleEndian: loadUnaligned(fromByteOffset: offset, as: type))
    }

    /// The bytes of `range`, or `nil` where it is not within these.
    func part(_ range: Range<Int>) -> UnsafeRawBufferPointer? {
        guard range.lowerBound >= 0, range.upperBound <= count else { return nil }
        return UnsafeRawBufferPointer(rebasing: self[range])
    }
}

extension [UInt8] {
    /// Puts a little-endian integer over the bytes at `offset`.
    mutating func put(_ integer: some FixedWidthInteger, at offset: Int) {
        Swift.withUnsafeBytes(of: integer.littleEndian) { replaceSubrange(offset..<offset + $0.count, with: $0) }
    }

    /// Appends a little-endian integer.
    mutating func append(_ integer: some FixedWidthInteger) {
        Swift.withUnsafeBytes(of: integer.littleEndian) { append(contentsOf: $0) }
    }
}
