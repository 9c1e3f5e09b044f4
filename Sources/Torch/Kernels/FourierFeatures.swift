internal import CTorch

/// `[x, sin π x w, cos π x w]` in one pass over the memory, as a constant.
///
/// - Input: `x` `[count, channels]` and `w` `[channels, frequencies]`, float32 on the CPU.
/// - Output: `[count, channels + 2 · frequencies]`, with sines and cosines good to 2e-7.
/// - Traps: when shapes or types do not fit.
public func fourierFeatures(_ x: Tensor, halfTurns w: Tensor) -> Tensor {
    Tensor { libtorch.fourier_features(x.raw, w.raw, $0) }
}
