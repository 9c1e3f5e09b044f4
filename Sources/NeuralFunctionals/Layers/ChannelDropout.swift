public import Torch

/// Drops whole channels of a network's block, and scales the others up: equivariant for any outcome of the draw.
///
/// - Source: Tompson et al. 2015, arXiv:1411.4280, section 3.2 (spatial dropout).
public struct ChannelDropout: Sendable {
    /// The probability that a channel is dropped, below one.
    public let rate: Double

    /// Dropout at a rate in `0..<1`.
    public init(rate: Double) {
        precondition(0 <= rate && rate < 1, "expected a rate in 0..<1, got \(rate)")
        self.rate = rate
    }

    /// Drops channels with random numbers from `random`; without a source, as when evaluating, it changes nothing.
    public func callAsFunction(_ feature: Feature, using random: inout RandomSource?) -> Feature {
        if rate == 0 || random == nil { return feature }
        return Feature(feature.blocks.map { self($0, using: &random) }, over: feature.space)
    }

    /// Drops entries of the last axis, separately for each position of the first.
    public func callAsFunction(_ x: Tensor, using random: inout RandomSource?) -> Tensor {
        guard rate > 0, var source = random else { return x }
        let shape = [x.size(0)] + [Int](repeating: 1, count: x.rank - 2) + [x.size(-1)]
        let draw = Tensor.uniform(shape: shape, dtype: x.dtype, on: x.device, using: &source)
        random = source
        let threshold = Tensor(repeating: rate, shape: [1], dtype: x.dtype, on: x.device)
        let mask = (threshold .< draw).to(x.dtype) / (1 - rate)
        return x * mask
    }
}
