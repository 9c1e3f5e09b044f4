import FoundationEssentials
import WeightSpaces

/// A tensor that an ONNX file stores: its type and shape, checked, and where its elements are.
struct ONNXTensor: Sendable {
    private enum Elements {
        /// In the message, as their bytes.
        case raw(Data)
        /// In the message, one by one in a wider type.
        case listed(ONNXTensorProto)
        /// In another file.
        case external(MappedFile, Range<Int>)
    }

    private(set) var entry: CheckpointEntry
    let byteCount: Int
    private let elements: Elements

    /// Whether the elements are in another file.
    var isExternal: Bool { if case .external = elements { true } else { false } }

    /// Checks what `tensor` says of itself.
    ///
    /// - Throws: `FormatError` for an unknown element type, a shape that is too large, and elements that are not as many
    ///   as the shape asks for; what ``ExternalFiles`` throws.
    init(_ tensor: ONNXTensorProto, in external: inout ExternalFiles, file: String) throws {
        let name = tensor.name
        guard let dtype = StoredDType(onnx: tensor.dataType) else {
            throw FormatError.unknownDType(file: file, tensor: name, found: StoredDType.onnxName(tensor.dataType))
        }
        guard tensor.dims.count <= 64 else {
            throw FormatError.rank(file: file, tensor: name, expected: 64, found: tensor.dims.count)
        }
        let shape = tensor.dims.map { Int($0) }
        // Strides, too, fit in 63 bits, which take an extent of 0 for 1.
        guard let byteCount = dtype.byteCount(shape: shape), dtype.byteCount(shape: shape.map { max($0, 1) }) != nil
        else { throw FormatError.shapeOverflow(file: file, tensor: name, shape: shape) }

        let found: Int
        if tensor.dataLocation == 1 {
            let (file, range) = try external.find(tensor, byteCount: byteCount)
            elements = .external(file, range)
            found = range.count
        } else if tensor.hasRawData {
            elements = .raw(tensor.rawData)
            found = tensor.rawData.count
        } else {
            elements = .listed(tensor)
            found = tensor.listedByteCount(dtype)
        }
        guard found == byteCount else {
            throw FormatError.byteCount(file: file, tensor: name, expected: byteCount, found: found)
        }
        entry = CheckpointEntry(name: name, dtype: dtype, shape: shape)
        self.byteCount = byteCount
    }

    /// The tensor under another name.
    func renamed(_ name: String) -> ONNXTensor {
        var result = self
        result.entry = CheckpointEntry(name: name, dtype: entry.dtype, shape: entry.shape)
        return result
    }

    /// Calls `body` with the elements, row-major and little-endian, at any alignment.
    func withBytes<Result>(_ body: (UnsafeRawBufferPointer) throws -> Result) rethrows -> Result {
        switch elements {
        case .raw(let data): try data.withUnsafeBytes(body)
        case .listed(let tensor): try tensor.listedBytes(entry.dtype).withUnsafeBytes(body)
        case .external(let file, let range):
            try file.withUnsafeBytes { try body(UnsafeRawBufferPointer(rebasing: $0[range])) }
        }
    }
}

extension ONNXTensorProto {
    /// How many bytes the elements take that are listed one by one.
    fileprivate func listedByteCount(_ dtype: StoredDType) -> Int {
        switch dtype {
        case .float32, .complex64: floatData.count * 4
        case .float64: doubleData.count * 8
        case .int64: int64Data.count * 8
        case .uint64, .uint32: uint64Data.count * dtype.byteCount
        default: int32Data.count * dtype.byteCount
        }
    }

    /// The bytes of the elements that are listed one by one.
    fileprivate func listedBytes(_ dtype: StoredDType) -> [UInt8] {
        switch dtype {
        case .float32, .complex64: floatData.withUnsafeBytes { Array($0) }
        case .float64: doubleData.withUnsafeBytes { Array($0) }
        case .int64, .uint64:
            dtype == .int64 ? int64Data.withUnsafeBytes { Array($0) } : uint64Data.withUnsafeBytes { Array($0) }
        case .uint32: uint64Data.map { UInt32(truncatingIfNeeded: $0) }.withUnsafeBytes { Array($0) }
        default: Self.lowBytes(of: int32Data, count: dtype.byteCount)
        }
    }

    private static func lowBytes(of values: [Int32], count: Int) -> [UInt8] {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(values.count * count)
        for value in values {
            for place in 0..<count { bytes.append(UInt8(truncatingIfNeeded: value >> Int32(8 * place))) }
        }
        return bytes
    }
}
