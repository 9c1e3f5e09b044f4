public import Torch

extension SIREN {
    /// Networks whose pictures are turned, stretched, sheared and moved a little, each by an affine map of its own.
    ///
    /// `x ↦ Ax + t` goes into the first layer, `W₁ ← W₁A` and `b₁ ← b₁ + W₁t`, so that a new network is exactly the old
    /// one at other points. `A` is the identity with `U(±strength)` added to every entry, `t` is `U(±strength / 2)`, for
    /// coordinates in [−1, 1]; others are turned about the middle of the picture, and moved as far.
    ///
    /// - Input: `parameters` in the order of ``parameterNames`` with a leading batch axis.
    /// - Output: the same shapes; only the first weight and bias differ.
    /// - Source: the augmentation of Navon et al. 2023, arXiv:2301.12780, appendix on data, in closed form.
    public func warped(_ parameters: [Tensor], strength: Double, using random: inout RandomSource) -> [Tensor] {
        let (weight, bias) = (parameters[0], parameters[1])
        let (networks, inputs) = (weight.size(0), widths[0])
        let change = Tensor.uniform(
            -strength...strength, shape: [networks, inputs, inputs], dtype: weight.dtype, using: &random)
        let shift = Tensor.uniform(
            -strength / 2...strength / 2, shape: [networks, inputs, 1], dtype: weight.dtype, using: &random)
        let (low, high) = (convention.coordinates.lowerBound, convention.coordinates.upperBound)
        var moved = shift * ((high - low) / 2)
        if low + high != 0 {
            moved = moved - matmul(change, Tensor.ones([inputs, 1], dtype: weight.dtype)) * ((low + high) / 2)
        }
        return [weight + matmul(weight, change), bias + matmul(weight, moved).reshaped(bias.shape)]
            + parameters.dropFirst(2)
    }
}
