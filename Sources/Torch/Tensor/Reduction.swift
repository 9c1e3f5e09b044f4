internal import CTorch

extension Tensor {
    /// The sum over the given axes; `keepingAxes` leaves them with size one.
    public func sum(_ axes: [Int], keepingAxes: Bool = false) -> Tensor {
        if axes.isEmpty { return self }
        return Tensor { e in withSizes(axes) { libtorch.sum(raw, $0, keepingAxes, e) } }
    }

    /// The mean over the given axes; `keepingAxes` leaves them with size one.
    public func mean(_ axes: [Int], keepingAxes: Bool = false) -> Tensor {
        if axes.isEmpty { return self }
        return Tensor { e in withSizes(axes) { libtorch.mean(raw, $0, keepingAxes, e) } }
    }

    /// The largest element over the given axes; `keepingAxes` leaves them with size one.
    public func maximum(_ axes: [Int], keepingAxes: Bool = false) -> Tensor {
        if axes.isEmpty { return self }
        return Tensor { e in withSizes(axes) { libtorch.maximum(raw, $0, keepingAxes, e) } }
    }

    /// The sum of all elements, as a scalar.
    public var sum: Tensor { sum(Array(0..<rank)) }

    /// The mean of all elements, as a scalar.
    public var mean: Tensor { mean(Array(0..<rank)) }

    /// The position of the largest element along one axis, as int64.
    public func argmax(_ axis: Int) -> Tensor { Tensor { libtorch.argmax(raw, Int64(axis), $0) } }

    /// Whether no element is NaN or infinite.
    public var isFinite: Bool { checked { libtorch.all_finite(raw, $0) } }
}
