internal import NeuralFunctionals
internal import Torch

/// Random changes to the weights of training networks: `x ↦ m · (x + noise · σ · ε)` with `ε ~ N(0, 1)`, σ the root mean
/// square of the weight's parameter in its network, and m zero with probability `dropout`, else one.
///
/// What remains is not scaled up: a network with larger weights would be another.
public struct WeightAugmentation: Hashable, Sendable, Codable {
    /// The size of the noise; zero for none.
    public var noise: Double
    /// The probability that a weight becomes zero, below one.
    public var dropout: Double

    /// Changes of these sizes; none unless told otherwise.
    public init(noise: Double = 0, dropout: Double = 0) {
        precondition(noise >= 0, "expected noise of 0 or more, got \(noise)")
        precondition(0 <= dropout && dropout < 1, "expected a dropout in 0..<1, got \(dropout)")
        self.noise = noise
        self.dropout = dropout
    }

    /// Changes networks, a feature with one channel.
    func callAsFunction(_ networks: Feature, using random: inout RandomSource) -> Feature {
        if noise == 0 && dropout == 0 { return networks }
        let threshold = Tensor(repeating: dropout, shape: [1])
        return networks.map { block in
            let normal = Tensor.normal(shape: block.shape, dtype: block.dtype, using: &random)
            let squares = block.squared.mean(Array(1..<block.rank), keepingAxes: true)
            let noisy = block + normal * sqrt(squares) * noise
            if dropout == 0 { return noisy }
            let uniform = Tensor.uniform(shape: block.shape, using: &random)
            return noisy * (threshold .< uniform).to(block.dtype)
        }
    }
}
