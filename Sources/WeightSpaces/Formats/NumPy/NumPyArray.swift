/// An array inside bytes that are known to hold the whole of it.
struct NumPyArray: Sendable {
    let dtype: StoredDType
    let shape: [Int]
    /// Where the numbers begin.
    let dataStart: Int
    /// The order of the numbers, where it is not the usual one.
    private let columnMajor: StridedLayout?

    /// Whether the numbers are in another order than the usual one.
    var isColumnMajor: Bool { columnMajor != nil }

    /// - Parameters:
    ///   - front: the header, with or without what follows it.
    ///   - count: how many bytes there are in all.
    /// - Returns: `nil` for arrays that hold no numbers.
    init?(front: UnsafeRawBufferPointer, count: Int, tensor: String, file: String) throws(FormatError) {
        guard let header = try NumPyHeader(of: front, tensor: tensor, file: file) else { return nil }
        let expected = header.dtype.byteCount(shape: header.shape)!
        guard count - header.count == expected else {
            throw .byteCount(file: file, tensor: tensor, expected: expected, found: count - header.count)
        }
        (dtype, shape, dataStart) = (header.dtype, header.shape, header.count)
        let layout = header.isColumnMajor ? StridedLayout(columnMajor: header.shape) : nil
        columnMajor = layout?.contiguousRange == nil ? layout : nil
    }

    /// Calls `body` with the numbers, row-major.
    func withElements<Result>(
        of bytes: UnsafeRawBufferPointer, _ body: (UnsafeRawBufferPointer) throws -> Result
    ) rethrows -> Result {
        let data = UnsafeRawBufferPointer(rebasing: bytes[dataStart...])
        guard let columnMajor else { return try body(data) }
        return try columnMajor.gather(from: data, size: dtype.byteCount).withUnsafeBytes { try body($0) }
    }

    /// The row-major `elements` in the order of the file.
    func inFileOrder(_ elements: [UInt8]) -> [UInt8] {
        guard let columnMajor else { return elements }
        var (ordered, position, size) = (elements, 0, dtype.byteCount)
        columnMajor.forEachElement { index in
            for byte in 0..<size { ordered[index * size + byte] = elements[position + byte] }
            position += size
        }
        return ordered
    }
}
