public import Torch

/// The complete equivariant linear layer between two feature spaces over the same groups: project, mix, inject.
///
/// For each view type τ, `Y_τ = Z_τ M_τ`, where `Z_τ` concatenates every projection of type τ along channels; each
/// output block is the sum of what is injected into it, and one bias per channel.
///
/// - Input: a feature over `inputSpace`; block `t` is `[batch, permuted axes…, F_t · channels]`.
/// - Output: a feature over `outputSpace`; one matrix product per view type, however many blocks there are.
/// - Traps: when the feature is over another space.
/// - Source: Zhou et al. 2024, arXiv:2402.05232, algorithm 1; over an MLP's or CNN's weight space it is the HNP or NP
///   layer of Zhou et al. 2023, arXiv:2302.14040, equation 3 and table 9.
public struct EquivariantLinear: FeatureLayer {
    public let inputSpace: FeatureSpace
    public let outputSpace: FeatureSpace
    /// Which views are read and written.
    public let basis: EquivariantBasis
    /// `M_τ` per view type, `[channels read, channels written]`.
    public private(set) var matrices: [Tensor]
    /// One value per channel of each scalar injection: `[channels written]`.
    public private(set) var bias: Tensor

    /// A layer with weights and biases from U(±1/√fan-in), fan-in counting all channels that reach an output block.
    public init(from inputSpace: FeatureSpace, to outputSpace: FeatureSpace, using random: inout RandomSource) {
        let basis = EquivariantBasis(from: inputSpace, to: outputSpace)
        precondition(basis.mixings.first?.type == .scalar, "expected at least one input and one output block")
        let fanIn = basis.fanIn(blockCount: outputSpace.blocks.count)
        let bounds = basis.mixings.map { mixing in
            Tensor(
                mixing.injections.flatMap { injection in
                    [Float](
                        repeating: 1 / Float(fanIn[injection.block]).squareRoot(),
                        count: outputSpace.blocks[injection.block].width)
                })
        }
        self.inputSpace = inputSpace
        self.outputSpace = outputSpace
        self.basis = basis
        matrices = zip(basis.mixings, bounds).map { mixing, bounds in
            .uniform(-1...1, shape: [mixing.inputWidth, mixing.outputWidth], using: &random) * bounds
        }
        bias = .uniform(-1...1, shape: bounds[0].shape, using: &random) * bounds[0]
    }

    public func callAsFunction(_ feature: Feature) -> Feature {
        let totals = sums(of: feature).map { $0.total() }
        return Feature(totals.map(\.array), means: totals.map(\.means), over: outputSpace)
    }

    /// What each output block is the sum of.
    func sums(of feature: Feature) -> [Injector] {
        precondition(feature.space == inputSpace, "expected a feature over the layer's input space")
        var projectors = feature.projectors
        var injectors = outputSpace.blocks.map { block in
            Injector(sizes: block.groups.map { outputSpace.groups[$0].size }, width: block.width)
        }
        for (mixing, matrix) in zip(basis.mixings, matrices) {
            if mixing.isMatrixProduct {
                injectors[mixing.injections[0].block].add(feature.blocks[mixing.projections[0].block], times: matrix)
                continue
            }
            let read = concatenate(mixing.projections.map { projectors[$0.block]($0) }, axis: -1)
            let mixed = mixing.type == .scalar ? affine(read, weight: matrix, bias: bias) : matmul(read, matrix)
            var channel = 0
            for injection in mixing.injections {
                let width = outputSpace.blocks[injection.block].width
                injectors[injection.block].add(mixed.narrowed(-1, to: channel..<channel + width), along: injection)
                channel += width
            }
        }
        return injectors
    }

    public mutating func visitParameters(_ visit: (String, inout Tensor) throws -> Void) rethrows {
        for (index, mixing) in basis.mixings.enumerated() {
            let labels = mixing.type.groups.map { inputSpace.groups[$0].name }
            try visit("mixing(\(labels.joined(separator: ",")))", &matrices[index])
        }
        try visit("bias", &bias)
    }
}
