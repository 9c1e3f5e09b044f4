internal import CTorch

extension Tensor {
    /// A tensor with the given elements in row-major order.
    public init<Scalar: TensorScalar>(_ elements: [Scalar], shape: [Int], on device: Device = .cpu) {
        self = elements.withUnsafeBytes { Tensor(bytes: $0, shape: shape, dtype: Scalar.dtype, on: device) }
    }

    /// A vector.
    public init<Scalar: TensorScalar>(_ elements: [Scalar]) { self.init(elements, shape: [elements.count]) }

    /// A copy of row-major elements in memory.
    ///
    /// - Traps: when `bytes` does not hold exactly the elements of `shape`.
    public init(bytes: UnsafeRawBufferPointer, shape: [Int], dtype: DType, on device: Device = .cpu) {
        let expected = shape.reduce(dtype.byteCount, *)
        precondition(bytes.count == expected, "expected \(expected) bytes for \(shape), got \(bytes.count)")
        self.init { error in
            withSizes(shape) { libtorch.from_bytes(bytes.baseAddress, $0, dtype.raw, device.raw, error) }
        }
    }

    /// A tensor of one repeated value.
    public init(repeating value: Double, shape: [Int], dtype: DType = .float32, on device: Device = .cpu) {
        self.init { error in withSizes(shape) { libtorch.full($0, value, dtype.raw, device.raw, error) } }
    }

    /// A tensor of zeros.
    public static func zeros(_ shape: [Int], dtype: DType = .float32, on device: Device = .cpu) -> Tensor {
        Tensor(repeating: 0, shape: shape, dtype: dtype, on: device)
    }

    /// A tensor of ones.
    public static func ones(_ shape: [Int], dtype: DType = .float32, on device: Device = .cpu) -> Tensor {
        Tensor(repeating: 1, shape: shape, dtype: dtype, on: device)
    }

    /// `count` evenly spaced values from the first to the last bound, both included.
    public static func linearSpace(_ bounds: ClosedRange<Double>, count: Int, dtype: DType = .float32) -> Tensor {
        let step = count > 1 ? (bounds.upperBound - bounds.lowerBound) / Double(count - 1) : 0
        return Tensor((0..<count).map { bounds.lowerBound + Double($0) * step }).to(dtype)
    }

    /// The elements in row-major order.
    ///
    /// - Traps: when `Scalar` is not the tensor's element type; convert with ``to(_:)`` first.
    public func elements<Scalar: TensorScalar>(as type: Scalar.Type = Scalar.self) -> [Scalar] {
        precondition(dtype == Scalar.dtype, "expected a tensor of \(Scalar.dtype), got \(dtype)")
        let count = count
        return [Scalar](unsafeUninitializedCapacity: count) { buffer, initializedCount in
            copyBytes(to: UnsafeMutableRawBufferPointer(buffer))
            initializedCount = count
        }
    }

    /// Copies the elements, row-major, into memory that has room for them.
    public func copyBytes(to buffer: UnsafeMutableRawBufferPointer) {
        checked { libtorch.copy_bytes(raw, buffer.baseAddress, buffer.count, $0) }
    }

    /// The only element of a tensor of one element, as a number.
    public var item: Double {
        precondition(count == 1, "expected one element, got shape \(shape)")
        return to(.float64).elements(as: Double.self)[0]
    }

    /// The same elements in another type.
    public func to(_ dtype: DType) -> Tensor {
        dtype == self.dtype ? self : Tensor { libtorch.to(raw, dtype.raw, device.raw, $0) }
    }

    /// The same elements on another device.
    public func to(_ device: Device) -> Tensor {
        device == self.device ? self : Tensor { libtorch.to(raw, dtype.raw, device.raw, $0) }
    }
}
