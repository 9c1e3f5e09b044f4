public import Torch

/// The canonical form of a network: one of all the networks that factors make of it, whichever it is given.
///
/// From input to output, each neuron with a positive factor gets incoming weights and bias of norm 1, and its outgoing
/// weights the norm; each neuron with a sign gets the one that makes an odd function of its incoming weights and bias
/// positive. `c(s · U) = c(U)`, `c(g · U) = g · c(U)` for permutations, and `c(U)` computes what `U` does.
///
/// A neuron keeps its factor where nothing tells which is right: where it receives nothing, or where the odd function
/// vanishes.
extension ScalingElement {
    /// The elements that bring each of a batch of networks to its canonical form.
    ///
    /// - Input: weights `[networks, permuted axes…, F]` for each block.
    public init(canonicalizing blocks: [Tensor], in structure: ScalingStructure) {
        let statistics = NeuronStatistics(of: blocks, in: structure)
        self.init(statistics.normalizers.merging(statistics.signs) { norm, _ in norm }, of: structure)
    }

    /// The elements that bring networks to their canonical form; there may be batch axes in front of each parameter's
    /// stored shape.
    ///
    /// - Throws: ``WeightSpaceError`` when a parameter is missing or has another shape.
    public init(canonicalizing networks: [String: Tensor], in structure: ScalingStructure) throws {
        self.init(canonicalizing: try structure.space.batchedViews(of: networks), in: structure)
    }
}
