internal import CTorch

/// An immutable n-dimensional array of numbers.
///
/// Operations return new values; storage is shared where that cannot be seen. Shapes that do not fit trap.
public struct Tensor: Sendable {
    /// One reference to a libtorch tensor, given back when the last copy of the value goes.
    final class Handle: @unchecked Sendable {
        let raw: ct_tensor

        init(_ raw: ct_tensor) { self.raw = raw }

        deinit { libtorch.tensor_release(raw) }
    }

    var handle: Handle

    /// Lent to C, for calls during which a parameter or a variable holds the value: Swift keeps those alive across calls
    /// that it cannot see into.
    var raw: ct_tensor { handle.raw }

    init(owning raw: ct_tensor) { handle = Handle(raw) }

    /// Takes over the result of a call into libtorch.
    @inline(__always)
    init(_ call: (UnsafeMutablePointer<ErrorMessage?>) -> ct_tensor?) {
        guard let raw = checked(call) else { fatalError("libtorch returned no tensor") }
        self.init(owning: raw)
    }

    /// The size of each axis.
    public var shape: [Int] { (0..<libtorch.rank(raw)).map { Int(libtorch.size(raw, $0)) } }

    /// The number of axes.
    public var rank: Int { Int(libtorch.rank(raw)) }

    /// The number of elements.
    public var count: Int { shape.reduce(1, *) }

    /// The type of the elements.
    public var dtype: DType { DType(libtorch.tensor_dtype(raw)) }

    /// Where the elements are stored.
    public var device: Device { Device(libtorch.tensor_device(raw)) }

    /// The size of one axis; negative counts from the last.
    public func size(_ axis: Int) -> Int {
        let rank = rank
        precondition((-rank..<rank).contains(axis), "expected an axis of \(rank), got \(axis)")
        return Int(libtorch.size(raw, Int32(axis < 0 ? rank + axis : axis)))
    }

    /// Copies the elements unless this is the only value that can see them, so that they may be overwritten.
    mutating func makeUnique() {
        if !isKnownUniquelyReferenced(&handle) || !libtorch.owns_storage(raw) {
            self = Tensor { libtorch.clone(raw, $0) }
        }
    }
}

extension Tensor: CustomStringConvertible {
    public var description: String {
        let shape = shape.map(String.init).joined(separator: ", ")
        return "Tensor(\(dtype.rawValue), [\(shape)]\(device == .cpu ? "" : ", \(device)"))"
    }
}

/// Lends sizes to a C call.
func withSizes<Result>(_ sizes: [Int], _ body: (ct_sizes) -> Result) -> Result {
    sizes.withUnsafeBufferPointer { buffer in
        buffer.withMemoryRebound(to: Int64.self) { body(ct_sizes(data: $0.baseAddress, count: $0.count)) }
    }
}

/// Lends tensors to a C call.
func withTensors<Result>(_ tensors: [Tensor], _ body: (ct_tensors) -> Result) -> Result {
    withExtendedLifetime(tensors) {
        tensors.map { Optional($0.raw) }.withUnsafeBufferPointer {
            body(ct_tensors(data: $0.baseAddress, count: $0.count))
        }
    }
}
