/// The list of fields that a member's records may carry beside the fixed ones.
enum ZipExtra {
    /// The sizes and the place of a member.
    struct Sizes {
        /// How many bytes it has when it is unpacked.
        var count: UInt64
        /// How many bytes it has in the archive.
        var packed: UInt64
        /// Where its header lies.
        var start: UInt64

        init(count: UInt32, packed: UInt32, start: UInt32) {
            (self.count, self.packed, self.start) = (UInt64(count), UInt64(packed), UInt64(start))
        }

        /// Replaces the numbers that did not fit in 32 bits by those of the zip64 field.
        ///
        /// - Returns: false when the field is missing or too short.
        mutating func complete(from extra: UnsafeRawBufferPointer) -> Bool {
            let saturated = UInt64(UInt32.max)
            guard count == saturated || packed == saturated || start == saturated else { return true }
            guard let field = ZipExtra.fields(of: extra)?.first(where: { $0.id == ZipExtra.zip64 }) else {
                return false
            }
            let bytes = UnsafeRawBufferPointer(rebasing: extra[field.range.dropFirst(4)])
            var position = 0
            func next(_ number: inout UInt64) -> Bool {
                guard number == saturated else { return true }
                guard let value = bytes.integer(at: position, as: UInt64.self) else { return false }
                number = value
                position += 8
                return true
            }
            return next(&count) && next(&packed) && next(&start)
        }
    }

    static let zip64: UInt16 = 1

    /// The fields of `extra` with their headers of 4 bytes, or `nil` when they do not fill it.
    static func fields(of extra: UnsafeRawBufferPointer) -> [(id: UInt16, range: Range<Int>)]? {
        var fields: [(id: UInt16, range: Range<Int>)] = []
        var position = 0
        while let id = extra.integer(at: position, as: UInt16.self),
            let count = extra.integer(at: position + 2, as: UInt16.self)
        {
            let end = position + 4 + Int(count)
            guard end <= extra.count else { return nil }
            fields.append((id, position..<end))
            position = end
        }
        return position == extra.count ? fields : nil
    }

    /// The fields of `extra` but the zip64 field, after a new zip64 field with `numbers`, if there are any.
    static func replacing(_ extra: UnsafeRawBufferPointer, numbers: [Int]) -> [UInt8] {
        var bytes: [UInt8] = []
        if !numbers.isEmpty {
            bytes.append(zip64)
            bytes.append(UInt16(8 * numbers.count))
            for number in numbers { bytes.append(UInt64(number)) }
        }
        for field in fields(of: extra) ?? [] where field.id != zip64 { bytes += extra[field.range] }
        return bytes
    }
}
