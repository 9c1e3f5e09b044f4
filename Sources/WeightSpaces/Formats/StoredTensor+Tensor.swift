public import Torch

extension StoredTensor {
    /// A tensor under a name.
    public init(name: String, _ tensor: Tensor) {
        self.init(name: name, dtype: StoredDType(tensor.dtype), shape: tensor.shape) { sink in
            let bytes = [UInt8](unsafeUninitializedCapacity: tensor.count * tensor.dtype.byteCount) { buffer, count in
                tensor.copyBytes(to: UnsafeMutableRawBufferPointer(buffer))
                count = buffer.count
            }
            try bytes.withUnsafeBytes { try sink($0) }
        }
    }
}

extension StoredDType {
    /// The stored type of a tensor's elements.
    public init(_ dtype: DType) {
        self =
            switch dtype {
            case .float32: .float32
            case .float64: .float64
            case .float16: .float16
            case .bfloat16: .bfloat16
            case .int64: .int64
            case .int32: .int32
            case .int16: .int16
            case .int8: .int8
            case .uint8: .uint8
            case .bool: .bool
            }
    }

    /// The element type of tensors with these elements, if they exist.
    public var tensorDType: DType? { DType.allCases.first { StoredDType($0) == self } }
}
