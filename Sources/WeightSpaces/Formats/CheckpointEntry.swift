/// What a checkpoint says about one of its tensors.
public struct CheckpointEntry: Hashable, Sendable {
    /// The tensor's name.
    public let name: String
    /// The type of its elements.
    public let dtype: StoredDType
    /// Its extents, the last one running fastest; empty for a scalar.
    public let shape: [Int]

    /// An entry of a checkpoint.
    public init(name: String, dtype: StoredDType, shape: [Int]) {
        self.name = name
        self.dtype = dtype
        self.shape = shape
    }

    /// The bytes of its elements.
    ///
    /// - Traps: when they are 2^63 or more, which no reader lets pass.
    public var byteCount: Int {
        guard let count = dtype.byteCount(shape: shape) else { preconditionFailure("too large: \(self)") }
        return count
    }
}
