internal import CTorch

/// `scale · (x − mean) / √(variance + ε) + shift` over the last axis, rectified where asked, in one pass.
///
/// - Input: `x` `[…, channels]`; `scale` and `shift` `[channels]`, one and zero where there are none. On the CPU `x` is
///   float32, float64 or bfloat16, of which the last has `scale` and `shift` in float32.
/// - Output: the shape of `x`.
/// - Traps: when shapes or types do not fit each other.
/// - Source: Ba et al. 2016, arXiv:1607.06450, equation 3.
public func layerNorm(
    _ x: Tensor, scale: Tensor? = nil, shift: Tensor? = nil, epsilon: Double = 1e-5, isRectified: Bool = false
) -> Tensor {
    Tensor { libtorch.layer_norm(x.raw, scale?.raw, shift?.raw, epsilon, isRectified, $0) }
}
