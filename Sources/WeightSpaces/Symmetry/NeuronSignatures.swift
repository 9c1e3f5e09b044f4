import Torch

/// Vectors that tell the neurons of a network apart, and move with them: `signature(g · U) = g · signature(U)`.
///
/// In each round a neuron's vector is made anew from the weights that it has in common with other neurons and from
/// their vectors, mixed at random, as colours are refined in graph isomorphism.
struct NeuronSignatures {
    /// For each group, `[neurons, width]`.
    private(set) var vectors: [Tensor]

    private static let width = 16
    private static let rounds = 4

    /// - Parameter views: the blocks of a network, `[permuted axes…, F]`.
    init(of views: [Tensor], in space: WeightSpace) {
        vectors = space.groups.map { .ones([$0.size, Self.width], dtype: .float64) }
        var random = RandomSource(seed: 1)
        for _ in 0..<Self.rounds {
            var sums: [Tensor?] = space.groups.map { _ in nil }
            for (block, view) in zip(space.blocks, views) {
                for (axis, group) in block.groups.enumerated() {
                    let part = Self.messages(view, block, to: axis, vectors, using: &random)
                    sums[group] = sums[group].map { $0 + part } ?? part
                }
            }
            for (group, sum) in sums.enumerated() {
                if let sum { vectors[group] = tanh(Self.standardized(sum)) }
            }
        }
    }

    /// What a block tells the neurons along one axis: its weights and their magnitudes, summed over the other axes with
    /// the other neurons' vectors as factors.
    private static func messages(
        _ view: Tensor, _ block: Block, to axis: Int, _ vectors: [Tensor], using random: inout RandomSource
    ) -> Tensor {
        let others = block.groups.indices.filter { $0 != axis }
        let fixed = view.size(-1)
        let rows = view.permuted([axis] + others + [view.rank - 1])
        // One vector per element of the other axes: the product of the neurons' vectors and a random one per position.
        var weights = Tensor.normal(shape: [fixed, width], dtype: .float64, using: &random)
        for other in others.reversed() {
            let factor = vectors[block.groups[other]]
            weights = (factor.expandingAxis(1) * weights.expandingAxis(0)).reshaped([-1, width])
        }
        let flat = rows.reshaped([view.size(axis), -1])
        let both = concatenate([matmul(flat, weights), matmul(flat.magnitude, weights)], axis: 1)
        return matmul(standardized(both), .normal(shape: [2 * width, width], dtype: .float64, using: &random))
    }

    /// The columns with zero mean and unit variance, as far as they vary.
    private static func standardized(_ x: Tensor) -> Tensor {
        let centred = x - x.mean([0], keepingAxes: true)
        return centred / sqrt(centred.squared.mean([0], keepingAxes: true) + 1e-20)
    }
}
