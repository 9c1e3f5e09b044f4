import Torch
import WeightSpaces

extension ONNXTensor {
    /// Whether the tensor counts as a weight: floating-point or 8-bit elements.
    var isParameter: Bool {
        switch entry.dtype {
        case .int64, .int32, .int16, .uint64, .uint32, .uint16, .bool: false
        default: true
        }
    }

    /// A copy of the elements as a value of the graph: integers as `int64`, everything else as it is.
    ///
    /// - Throws: ``ONNXError/unsupported(_:file:)`` when tensors have no such element type.
    func constant(file: String) throws(ONNXError) -> Tensor {
        switch entry.dtype {
        case .int64, .uint64: return widened(Int64.self)
        case .int32: return widened(Int32.self)
        case .int16: return widened(Int16.self)
        case .int8: return widened(Int8.self)
        case .uint32: return widened(UInt32.self)
        case .uint16: return widened(UInt16.self)
        case .uint8: return widened(UInt8.self)
        case .bool:
            return withBytes { bytes in
                bytes.map { $0 != 0 }.withUnsafeBytes { Tensor(bytes: $0, shape: entry.shape, dtype: .bool) }
            }
        default:
            guard let dtype = entry.dtype.tensorDType else {
                throw .unsupported("the constant '\(entry.name)' of \(entry.dtype.rawValue) elements", file: file)
            }
            return withBytes { Tensor(bytes: $0, shape: entry.shape, dtype: dtype) }
        }
    }

    private func widened<Number: FixedWidthInteger>(_: Number.Type) -> Tensor {
        withBytes { bytes in
            let size = MemoryLayout<Number>.size
            let values = (0..<bytes.count / size).map { index in
                Int64(truncatingIfNeeded: bytes.loadUnaligned(fromByteOffset: index * size, as: Number.self))
            }
            return values.withUnsafeBytes { Tensor(bytes: $0, shape: entry.shape, dtype: .int64) }
        }
    }
}
