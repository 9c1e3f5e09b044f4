import Torch

extension Tensor {
    /// `(x − mean) / √(variance + ε)` over some axes.
    func standardized(over axes: [Int], epsilon: Double) throws(DispatchError) -> Tensor {
        let centred = try aten("sub.Tensor", self, aten("mean.dim", self, axes, true))
        return try centred.scaledToUnitRootMeanSquare(over: axes, epsilon: epsilon)
    }

    /// `x / √(mean x² + ε)` over some axes.
    func scaledToUnitRootMeanSquare(over axes: [Int], epsilon: Double) throws(DispatchError) -> Tensor {
        let power = try aten("mean.dim", aten("square", self), axes, true)
        return try aten("mul.Tensor", self, aten("rsqrt", aten("add.Scalar", power, epsilon)))
    }

    /// `scale x + shift`, both broadcast.
    func affine(_ scale: Tensor?, _ shift: Tensor?) throws(DispatchError) -> Tensor {
        var result = self
        if let scale { result = try aten("mul.Tensor", result, scale) }
        if let shift { result = try aten("add.Tensor", result, shift) }
        return result
    }

    /// One number for each channel, shaped to meet the second axis of a tensor of `rank` axes.
    func alongChannels(of rank: Int) throws(DispatchError) -> Tensor {
        try aten("reshape", self, [-1] + [Int](repeating: 1, count: max(0, rank - 2)))
    }
}
