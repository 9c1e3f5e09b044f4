/// The basis of all equivariant linear maps between two feature spaces over the same groups, sorted by view type.
///
/// Every projection and every injection of one type compose to a map; these maps span all equivariant linear maps and,
/// when each group has at least as many neurons as a pair of blocks has axes with its label, are independent.
///
/// - Source: Zhou et al. 2024, arXiv:2402.05232, theorem 3.1; Maron et al. 2019, arXiv:1812.09902.
public struct EquivariantBasis: Hashable, Sendable {
    /// The maps through views of one type: each projection with each injection.
    public struct Mixing: Hashable, Sendable {
        /// The labels of the view's axes.
        public let type: ViewType
        /// The views that are read, in channel order.
        public let projections: [View]
        /// The views that are written, in channel order.
        public let injections: [View]
        /// Channels read, over all projections.
        public let inputWidth: Int
        /// Channels written, over all injections.
        public let outputWidth: Int

        /// Whether the only map mixes the channels of one matrix into those of another, entry by entry.
        var isMatrixProduct: Bool {
            projections.count == 1 && injections.count == 1 && type.groups.count == 2
                && projections[0].partition == injections[0].partition && projections[0].partition.classes.count == 2
                && projections[0].partition.isTrivial && projections[0].classes == injections[0].classes
        }
    }

    /// One entry per view type that both spaces have; the scalar type comes first.
    public let mixings: [Mixing]

    /// The basis for maps from `input` to `output`.
    ///
    /// - Traps: when the spaces do not have the same groups.
    public init(from input: FeatureSpace, to output: FeatureSpace) {
        precondition(input.groups == output.groups, "expected two feature spaces over the same groups")
        let projections = Dictionary(
            grouping: input.blocks.indices.flatMap { View.projections(from: $0, labels: input.blocks[$0].groups) },
            by: \.type)
        let injections = Dictionary(
            grouping: output.blocks.indices.flatMap { View.injections(into: $0, labels: output.blocks[$0].groups) },
            by: \.type)
        mixings = projections.keys.filter { injections[$0] != nil }
            .sorted { ($0.groups.count, $0.groups.description) < ($1.groups.count, $1.groups.description) }
            .map { type in
                let (read, written) = (projections[type, default: []], injections[type, default: []])
                return Mixing(
                    type: type, projections: read, injections: written,
                    inputWidth: read.reduce(0) { $0 + input.blocks[$1.block].width },
                    outputWidth: written.reduce(0) { $0 + output.blocks[$1.block].width })
            }
    }

    /// The number of maps, channels and fixed positions counted: the free parameters of a layer without its bias.
    public var count: Int { mixings.reduce(0) { $0 + $1.inputWidth * $1.outputWidth } }

    /// The channels that reach each output block through any type.
    func fanIn(blockCount: Int) -> [Int] {
        var result = [Int](repeating: 0, count: blockCount)
        for mixing in mixings {
            for injection in mixing.injections { result[injection.block] += mixing.inputWidth }
        }
        return result
    }
}
