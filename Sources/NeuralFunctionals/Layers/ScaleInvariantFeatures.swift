public import Torch
public import WeightSpaces

/// Two channels for every weight that no factor of a neuron changes, `φ(s · x) = φ(x)`, and that move with the neurons.
///
/// With a number `f` for each neuron that its factor multiplies, `h` for each that its factor divides, and 1 for both where
/// there is none, a weight `w` that writes neuron `i` and reads neuron `j` becomes
///
/// - its size: `w fⱼ / fᵢ` for positive factors, where `f` is the norm of the paths up to a neuron, so that a neuron's
///   incoming weights and bias have norm 1; `|w|` for signs;
/// - its share: `w fⱼ hᵢ`. For positive factors that is its size times how much the neuron counts among its layer's paths;
///   for signs `h = f` is an odd function of a neuron's incoming weights, so that the share has the sign that `w` would
///   have in the canonical form, but passes through zero instead of jumping.
///
/// - Input: a feature with one channel, the weights.
/// - Output: the same blocks with 2 channels.
/// - Source: that products of what is scaled and what is scaled inversely are invariant, Kalogeropoulos et al. 2024,
///   arXiv:2406.10685; the norm of paths, Neyshabur et al. 2015, arXiv:1506.02617.
public struct ScaleInvariantFeatures: FeatureLayer {
    public let inputSpace: FeatureSpace
    public let outputSpace: FeatureSpace

    private let structure: ScalingStructure
    /// For each block, whether one of its axes carries signs.
    private let hasSigns: [Bool]

    /// The features of networks with these factors.
    ///
    /// - Traps: when the space's blocks are not the structure's, or have more than one channel.
    public init(_ space: FeatureSpace, structure: ScalingStructure) {
        structure.requireLabels(of: space)
        precondition(space.blocks.allSatisfy { $0.channels == 1 }, "expected a space with one channel")
        inputSpace = space
        outputSpace = space.withChannels(2)
        self.structure = structure
        hasSigns = space.blocks.map { $0.groups.contains { structure.scalings[$0] == .sign } }
    }

    public func callAsFunction(_ feature: Feature) -> Feature {
        precondition(feature.space == inputSpace, "expected a feature over the layer's input space")
        let statistics = NeuronStatistics(of: feature.blocks, in: structure)
        let (norms, normalizers) = (statistics.norms, statistics.normalizers)
        let (forward, backward) = (statistics.forward, statistics.backward(of: feature.blocks))
        let blocks = feature.blocks.enumerated().map { index, weights in
            let normed = structure.multiplying(weights, ofBlock: index, written: normalizers, read: norms)
            let size = hasSigns[index] ? normed.magnitude : normed
            let share = structure.multiplying(weights, ofBlock: index, written: backward, read: forward)
            return concatenate([size.expandingAxis(-1), share.expandingAxis(-1)], axis: -1)
                .reshaped(weights.shape.dropLast() + [2 * weights.size(-1)])
        }
        return Feature(blocks, over: outputSpace)
    }

    public mutating func visitParameters(_ visit: (String, inout Tensor) throws -> Void) rethrows {}
}
