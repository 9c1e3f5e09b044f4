/// A tensor on its way to a file: what the header says about it, and a closure that hands over its bytes.
public struct StoredTensor {
    /// Takes the next bytes of a tensor.
    public typealias Sink = (UnsafeRawBufferPointer) throws -> Void

    /// The name, distinct within a file.
    public let name: String
    /// The type of the elements.
    public let dtype: StoredDType
    /// The extents, the last one running fastest; empty for a scalar.
    public let shape: [Int]

    package let emit: (Sink) throws -> Void

    /// - Parameter emit: passes the tensor's little-endian bytes to the sink, in as many pieces as it likes; they are
    ///   written at once and need no copy.
    public init(name: String, dtype: StoredDType, shape: [Int], emit: @escaping (Sink) throws -> Void) {
        self.name = name
        self.dtype = dtype
        self.shape = shape
        self.emit = emit
    }

    /// - Parameter elements: numbers whose representation in memory is the stored one, in row-major order.
    public init<Element: BitwiseCopyable>(name: String, dtype: StoredDType, shape: [Int], elements: [Element]) {
        self.init(name: name, dtype: dtype, shape: shape) { sink in
            try elements.withUnsafeBytes { try sink($0) }
        }
    }
}
