internal import Torch

/// The parameters of equivariant linear layers over any number of architectures, shared by role.
///
/// For every number of axes there is one matrix from all roles of views that are read to all that are written. The layer
/// over one architecture (``EquivariantLinear``) takes from it the rows and columns of the roles that the architecture has,
/// so that whatever is learned from networks of one depth and width applies to others. Pairs of roles that no network of
/// the vocabulary has start at zero.
///
/// - Source: parameters shared over the layers of a network as in Zhou et al. 2024, arXiv:2402.05232, and over networks as
///   in Kofinas et al. 2024, arXiv:2403.12143, and Lim et al. 2024, arXiv:2312.04501.
struct RoleLinear: Module {
    /// `[channels read, channels written]` for each number of axes, or what it is the product of: `M`, of the mean over a
    /// role's views.
    private var matrices: [[Tensor]]
    /// The same for `S`, of how a view differs from that mean.
    private var ownMatrices: [[Tensor]]
    /// One value per channel of each scalar target.
    private var bias: Tensor

    /// Entries from U(±1/√fan-in), fan-in counting the channels that reach an output through any role.
    ///
    /// - Parameter bottleneck: where a matrix is the product of two thin ones, `views` counting those of all roles.
    init(
        _ vocabulary: RoleVocabulary, bottleneck: MixingMatrix.Bottleneck? = nil, using random: inout RandomSource
    ) {
        let fanIn = vocabulary.fanIn
        func bound(_ target: RoleVocabulary.Entry) -> Float { 1 / Float(fanIn[target.pattern] ?? 1).squareRoot() }
        func bounds(_ table: RoleVocabulary.Table) -> Tensor {
            let columns = zip(table.targets, table.reads).map { target, reads in
                let rows = table.sources.indices.flatMap { source in
                    [Float](repeating: reads.contains(source) ? bound(target) : 0, count: table.sources[source].width)
                }
                return Tensor(rows, shape: [rows.count, 1]).expanded([rows.count, target.width])
            }
            return concatenate(columns, axis: 1)
        }
        func matrices(using random: inout RandomSource) -> [[Tensor]] {
            vocabulary.tables.map { table in
                guard let rank = table.rank(through: bottleneck) else {
                    let shape = [table.sources.width, table.targets.width]
                    return [.uniform(within: bounds(table), shape: shape, using: &random)]
                }
                let inner = (3 / Double(rank)).squareRoot()
                let outer = table.targets.flatMap { [Float](repeating: bound($0), count: $0.width) }
                return [
                    .uniform(-inner...inner, shape: [table.sources.width, rank], using: &random),
                    .uniform(within: Tensor(outer), shape: [rank, table.targets.width], using: &random),
                ]
            }
        }
        self.matrices = matrices(using: &random)
        ownMatrices = matrices(using: &random)
        let scalars = vocabulary.tables[0].targets.flatMap { target in
            [Float](repeating: bound(target), count: target.width)
        }
        bias = .uniform(within: Tensor(scalars), shape: [scalars.count], using: &random)
    }

    /// The layer over one architecture.
    func layer(from input: FeatureSpace, to output: FeatureSpace, at places: RolePlaces) -> EquivariantLinear {
        func entries(_ matrices: [[Tensor]], _ part: RolePlaces.Part) -> MixingMatrix {
            var factors = matrices[part.rank]
            let last = factors.count - 1
            factors[0] = factors[0].gathered(0, at: part.rows)
            factors[last] = factors[last].gathered(1, at: part.columns)
            return MixingMatrix(factors: factors)
        }
        return EquivariantLinear(
            from: input, to: output, places.basis, matrices: places.matrices.map { entries(matrices, $0) },
            ownMatrices: places.ownMatrices.map { $0.map { entries(ownMatrices, $0) } },
            bias: bias.gathered(0, at: places.bias))
    }

    mutating func visitParameters(_ visit: (String, inout Tensor) throws -> Void) rethrows {
        for rank in matrices.indices {
            for factor in matrices[rank].indices {
                let name = matrices[rank].count == 1 ? "\(rank)" : "\(rank).\(factor)"
                try visit("mixing.\(name)", &matrices[rank][factor])
                try visit("own.\(name)", &ownMatrices[rank][factor])
            }
        }
        try visit("bias", &bias)
    }
}

extension [RoleVocabulary.Entry] {
    /// The channels of one view of each, fixed positions counted.
    var width: Int { reduce(0) { $0 + $1.width } }
}
