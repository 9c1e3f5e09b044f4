/// What stands before the numbers of a NumPy array: their type, order and shape, as a Python dictionary.
///
/// - Source: the format's description in NumPy's documentation, `numpy.lib.format`, versions 1 to 3.
struct NumPyHeader {
    /// The bytes that every file begins with.
    static let magic: [UInt8] = [0x93] + Array("NUMPY".utf8)
    /// No array has a longer header, but for records of many named fields.
    static let longest = 1 << 16

    let dtype: StoredDType
    let shape: [Int]
    /// Whether the first index runs fastest.
    let isColumnMajor: Bool
    /// Where the numbers begin.
    let count: Int

    /// Reads the header at the start of `bytes`, which need not hold more.
    ///
    /// - Returns: `nil` for arrays that hold no numbers: texts, dates, objects.
    init?(of bytes: UnsafeRawBufferPointer, tensor: String, file: String) throws(FormatError) {
        func malformed(_ expected: String, _ found: String) -> FormatError {
            .malformed(file: file, part: "array \(tensor.quoted)", expected: expected, found: found)
        }
        guard bytes.starts(with: Self.magic), bytes.count >= 10 else { throw malformed("a NumPy array", "other bytes") }
        let version = bytes[6]
        guard 1...3 ~= version else { throw malformed("version 1, 2 or 3 of the format", "\(version)") }
        let start = version == 1 ? 10 : 12
        let stated =
            version == 1
            ? bytes.integer(at: 8, as: UInt16.self).map(UInt32.init) : bytes.integer(at: 8, as: UInt32.self)
        guard let stated, stated <= UInt32(Self.longest) else {
            throw malformed("a header of at most \(Self.longest) bytes", stated.map { "\($0)" } ?? "the end")
        }
        count = start + Int(stated)
        guard let text = bytes.part(start..<count) else {
            throw malformed("a header of \(stated) bytes", "\(bytes.count - start)")
        }
        var scanner = PythonScanner(text, part: "array \(tensor.quoted)", file: file)
        let (descriptor, order, shape) = try scanner.arrayDescription()
        guard let code = descriptor else { return nil }
        self.shape = shape
        isColumnMajor = order
        if let kind = code.dropFirst().first, "OSUMma".contains(kind) { return nil }
        guard let dtype = Self.dtypes[code] else {
            guard !code.hasPrefix(">") else {
                throw malformed("little-endian numbers", "big-endian ones (\(code.quoted)); save them as '<…'")
            }
            throw .unknownDType(file: file, tensor: tensor, found: code)
        }
        self.dtype = dtype
        guard dtype.byteCount(shape: shape) != nil else {
            throw .shapeOverflow(file: file, tensor: tensor, shape: shape)
        }
    }

    /// Whether `front`, the first bytes of an array, ends before its header does.
    static func isCutShort(_ front: UnsafeRawBufferPointer) -> Bool {
        guard let start = front.integer(at: 8, as: UInt32.self), front[6] <= 3 else { return false }
        return front[6] == 1 ? 10 + Int(start & 0xFFFF) > front.count : 12 + Int(start) > front.count
    }

    private static let dtypes: [String: StoredDType] = [
        "<f8": .float64, "<f4": .float32, "<f2": .float16, "<c8": .complex64, "<i8": .int64, "<i4": .int32,
        "<i2": .int16, "|i1": .int8, "<u8": .uint64, "<u4": .uint32, "<u2": .uint16, "|u1": .uint8, "|b1": .bool,
    ]
}
