internal import CTorch

infix operator .< : ComparisonPrecedence
infix operator .== : ComparisonPrecedence

extension Tensor {
    /// True where `a < b`.
    public static func .< (a: Tensor, b: Tensor) -> Tensor { Tensor { libtorch.less(a.raw, b.raw, $0) } }

    /// True where `a = b`.
    public static func .== (a: Tensor, b: Tensor) -> Tensor { Tensor { libtorch.equal(a.raw, b.raw, $0) } }
}

extension Tensor {
    /// Whether all elements are equal to those of another tensor, whose axes of size one are repeated.
    public func isEqual(to other: Tensor) -> Bool {
        let equal = self .== other
        return equal.to(.float64).sum.item == Double(equal.count)
    }

    /// Whether all slices at some positions of an axis are equal.
    public func isConstant(along axis: Int, in range: Range<Int>) -> Bool {
        let first = range.lowerBound..<range.lowerBound + 1
        return range.isEmpty || narrowed(axis, to: range).isEqual(to: narrowed(axis, to: first))
    }
}
