/// Where the layer over one architecture has its parameters in a ``RoleLinear``.
struct RolePlaces: Sendable {
    /// Rows and columns of the matrix for views of `rank` axes.
    struct Part: Sendable {
        let rank: Int
        let rows: [Int]
        let columns: [Int]
    }

    let basis: EquivariantBasis
    /// One for each of the basis's distinct mixings.
    let matrices: [Part]
    /// The same where a type has several views of one role.
    let ownMatrices: [Part?]
    /// The scalar targets' channels.
    let bias: [Int]

    /// - Traps: when the vocabulary lacks a role of the basis.
    init(of basis: EquivariantBasis, in vocabulary: RoleVocabulary) {
        let sources = vocabulary.tables.map { Self.channels($0.sources) }
        let targets = vocabulary.tables.map { Self.channels($0.targets) }
        func channels(_ keys: [SharedView.Key], _ known: [String: Range<Int>]) -> [Int] {
            keys.flatMap { key in
                guard let range = known[key.name] else { preconditionFailure("expected known roles, got \(key.name)") }
                return Array(range)
            }
        }
        func part(_ mixing: EquivariantBasis.Mixing, isOwn: Bool) -> Part {
            func keys(_ keys: [SharedView.Key], _ views: [SharedView]) -> [SharedView.Key] {
                zip(keys, views).filter { !isOwn || $1.isRepeated }.map(\.0)
            }
            let rank = mixing.type.groups.count
            return Part(
                rank: rank, rows: channels(keys(mixing.part.sources, mixing.sources), sources[rank]),
                columns: channels(keys(mixing.part.targets, mixing.targets), targets[rank]))
        }
        self.basis = basis
        matrices = basis.distinctMixings.map { part($0, isOwn: false) }
        ownMatrices = basis.distinctMixings.map { $0.ownTargets.isEmpty ? nil : part($0, isOwn: true) }
        bias = channels(basis.mixings[0].part.targets, targets[0])
    }

    private static func channels(_ entries: [RoleVocabulary.Entry]) -> [String: Range<Int>] {
        var (start, result) = (0, [String: Range<Int>]())
        for entry in entries {
            result[entry.name] = start..<start + entry.width
            start += entry.width
        }
        return result
    }
}
