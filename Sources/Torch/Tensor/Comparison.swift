internal import CTorch

infix operator .< : ComparisonPrecedence
infix operator .== : ComparisonPrecedence

extension Tensor {
    /// True where `a < b`.
    public static func .< (a: Tensor, b: Tensor) -> Tensor { Tensor { ct_less(a.raw, b.raw, $0) } }

    /// True where `a = b`.
    public static func .== (a: Tensor, b: Tensor) -> Tensor { Tensor { ct_equal(a.raw, b.raw, $0) } }
}
