public import Torch

/// The equivariant linear layer between two feature spaces over the same groups: project, mix, inject.
///
/// For each view type τ, `Y_τ = Z_τ M_τ`, where `Z_τ` concatenates every projection of type τ along channels; each
/// output block is the sum of what is injected into it, and one bias per channel. The layer is complete: every
/// equivariant linear map is one of its kind.
///
/// Where blocks share parameters by role (``FeatureSpace/sharingRoles(of:)``), `Z_τ` holds the mean of every role's
/// views, and each repetition of a layer adds `(Z_τi − Z_τ) S_τ` of its own views: parameters do not grow with the number
/// of repetitions, and exchanging repetitions exchanges outputs.
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
    /// `M_τ`, one for each of the basis's distinct mixings.
    public private(set) var matrices: [MixingMatrix]
    /// `S_τ`, where a type has several views of one role.
    public private(set) var ownMatrices: [MixingMatrix?]
    /// One value per channel of each scalar target: `[channels written]`.
    public private(set) var bias: Tensor

    /// A layer with weights and biases from U(±1/√fan-in), fan-in counting all channels that reach an output block.
    ///
    /// - Parameter bottleneck: where maps may be of low rank, to keep parameters linear in the number of blocks; without
    ///   one the layer is complete.
    public init(
        from inputSpace: FeatureSpace, to outputSpace: FeatureSpace, bottleneck: MixingMatrix.Bottleneck? = nil,
        using random: inout RandomSource
    ) {
        let basis = EquivariantBasis(from: inputSpace, to: outputSpace)
        precondition(basis.mixings.first?.type == .scalar, "expected at least one input and one output block")
        let fanIn = basis.fanIn(blockCount: outputSpace.blocks.count)
        func bounds(_ targets: [SharedView]) -> Tensor {
            Tensor(
                targets.flatMap {
                    [Float](repeating: 1 / Float(fanIn[$0.views[0].block]).squareRoot(), count: $0.width)
                })
        }
        func matrix(_ sources: [SharedView], _ targets: [SharedView]) -> MixingMatrix {
            MixingMatrix(from: sources, to: targets, bounds: bounds(targets), bottleneck, using: &random)
        }
        self.inputSpace = inputSpace
        self.outputSpace = outputSpace
        self.basis = basis
        matrices = basis.distinctMixings.map { matrix($0.sources, $0.targets) }
        ownMatrices = basis.distinctMixings.map { $0.ownTargets.isEmpty ? nil : matrix($0.ownSources, $0.ownTargets) }
        let scalars = bounds(basis.mixings[0].targets)
        bias = .uniform(within: scalars, shape: scalars.shape, using: &random)
    }

    /// The layer with these entries; `bias` and each matrix are in channel order.
    init(
        from inputSpace: FeatureSpace, to outputSpace: FeatureSpace, _ basis: EquivariantBasis,
        matrices: [MixingMatrix], ownMatrices: [MixingMatrix?], bias: Tensor
    ) {
        self.inputSpace = inputSpace
        self.outputSpace = outputSpace
        self.basis = basis
        self.matrices = matrices
        self.ownMatrices = ownMatrices
        self.bias = bias
    }

    public func callAsFunction(_ feature: Feature) -> Feature {
        let totals = sums(of: feature).map { $0.total(averages: true) }
        return Feature(totals.map { .stored($0.values) }, means: totals.map(\.means), over: outputSpace)
    }

    /// What each output block is the sum of.
    func sums(of feature: Feature) -> [Injector] {
        precondition(feature.space == inputSpace, "expected a feature over the layer's input space")
        let feature = feature.withMeans()
        var projectors = feature.projectors
        var injectors = outputSpace.blocks.map { block in
            Injector(sizes: block.groups.map { outputSpace.groups[$0].size }, width: block.width)
        }
        for mixing in basis.mixings {
            let matrix = matrices[mixing.number]
            if mixing.isMatrixProduct, matrix.factors.count == 1 {
                let (read, written) = (mixing.projections[0].block, mixing.injections[0].block)
                injectors[written].add(feature.values[read], times: matrix.factors[0])
                continue
            }
            let axes = mixing.type.groups.count
            let views = mixing.sources.map { $0.isRepeated ? $0.views.map { projectors[$0.block]($0) } : [] }
            let means = zip(mixing.sources, views).map { source, views in
                source.isRepeated ? mean(views) : projectors[source.views[0].block].unaveraged(source.views[0])
            }
            let mixed = matrix(
                means, axes: axes, bias: mixing.type == .scalar ? bias : nil, widths: mixing.targets.map(\.width))
            for (target, part) in zip(mixing.targets, mixed) {
                for view in target.views { injectors[view.block].add(part, along: view) }
            }
            guard let own = ownMatrices[mixing.number] else { continue }
            for repetition in mixing.repetitions {
                let read = mixing.sources.indices.filter { mixing.sources[$0].isRepeated }.map { source in
                    // What a repetition does not have is as the mean of those that do.
                    mixing.sources[source].index(of: repetition).map { views[source][$0] - means[source] }
                        ?? .zeros(means[source].shape, dtype: means[source].dtype, on: means[source].device)
                }
                let mixed = own(read, axes: axes, widths: mixing.ownTargets.map(\.width))
                for (target, part) in zip(mixing.ownTargets, mixed) {
                    guard let index = target.index(of: repetition) else { continue }
                    injectors[target.views[index].block].add(part, along: target.views[index])
                }
            }
        }
        return injectors
    }

    public mutating func visitParameters(_ visit: (String, inout Tensor) throws -> Void) rethrows {
        for (index, mixing) in basis.distinctMixings.enumerated() {
            let labels = mixing.type.groups.map { inputSpace.groups[$0].name }.joined(separator: ",")
            try matrices[index].visitParameters(named: "mixing(\(labels))", visit)
            try ownMatrices[index]?.visitParameters(named: "own(\(labels))", visit)
        }
        try visit("bias", &bias)
    }
}
