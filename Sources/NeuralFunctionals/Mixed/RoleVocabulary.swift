/// What a linear layer for networks of many architectures must know of: the roles of the views that it reads and writes,
/// and which of them meet.
public struct RoleVocabulary: Hashable, Sendable, Codable {
    /// Views of one role.
    struct Entry: Hashable, Sendable, Codable {
        /// What tells the role's view apart.
        var name: String
        /// The role's pattern.
        var pattern: String
        /// The channels of one view, fixed positions counted.
        var width: Int
    }

    /// Views with equally many axes.
    struct Table: Hashable, Sendable, Codable {
        /// What is read, by name.
        var sources: [Entry] = []
        /// What is written, by name.
        var targets: [Entry] = []
        /// For each target the numbers of the sources that reach it in some network, ascending.
        var reads: [[Int]] = []

        /// The channels between two thin matrices, where there are as many views that the whole would be too large.
        func rank(through bottleneck: MixingMatrix.Bottleneck?) -> Int? {
            bottleneck.flatMap { max(sources.count, targets.count) > $0.views ? $0.rank : nil }
        }
    }

    /// The views by the number of their axes, from zero.
    private(set) var tables: [Table] = []

    /// All roles of some bases.
    init(_ bases: some Collection<EquivariantBasis>) {
        let mixings = bases.flatMap(\.distinctMixings)
        tables = (0...(mixings.map(\.type.groups.count).max() ?? 0)).map { rank in
            let mixings = mixings.filter { $0.type.groups.count == rank }
            let sources = Self.entries(mixings.flatMap { Array(zip($0.part.sources, $0.sources)) })
            let targets = Self.entries(mixings.flatMap { Array(zip($0.part.targets, $0.targets)) })
            var reads: [String: Set<String>] = [:]
            for mixing in mixings {
                for target in mixing.part.targets {
                    reads[target.name, default: []].formUnion(mixing.part.sources.map(\.name))
                }
            }
            return Table(
                sources: sources, targets: targets,
                reads: targets.map { target in
                    sources.indices.filter { reads[target.name]?.contains(sources[$0].name) == true }
                })
        }
    }

    private static func entries(_ views: [(SharedView.Key, SharedView)]) -> [Entry] {
        Set(views.map { Entry(name: $0.name, pattern: $0.pattern, width: $1.width) }).sorted { $0.name < $1.name }
    }

    /// Checks what the types leave open.
    ///
    /// - Throws: ``InvalidSetting``.
    func check(against file: StoredNumbers, through bottleneck: MixingMatrix.Bottleneck?) throws {
        let setting = "tables"
        try InvalidSetting.check(!tables.isEmpty, setting)
        for table in tables {
            for entry in table.sources + table.targets { try file.check(entry.width, setting) }
            let read = table.sources.reduce(0) { $0 + $1.width }, written = table.targets.reduce(0) { $0 + $1.width }
            let rank = table.rank(through: bottleneck)
            let (product, overflow) = (rank.map { _ in max(read, written) } ?? read)
                .multipliedReportingOverflow(by: rank ?? written)
            try InvalidSetting.check(read > 0 && written > 0 && !overflow && product <= file.elements, setting)
            try InvalidSetting.check(
                table.reads.count == table.targets.count
                    && table.reads.joined().allSatisfy(table.sources.indices.contains), setting)
        }
    }

    /// The patterns of all roles that are read, sorted.
    var patterns: [String] { Set(tables[0].sources.map(\.pattern)).sorted() }

    /// For each pattern the channels that reach an entry of its blocks through any view.
    var fanIn: [String: Int] {
        var result: [String: Int] = [:]
        for table in tables {
            for (target, reads) in zip(table.targets, table.reads) {
                result[target.pattern, default: 0] += reads.reduce(0) { $0 + table.sources[$1].width }
            }
        }
        return result
    }

    /// The roles of a basis that are not among these, or have other widths.
    func unknownRoles(of basis: EquivariantBasis) -> Set<String> {
        let known = Set(tables.flatMap { $0.sources + $0.targets })
        let views = basis.distinctMixings.flatMap { mixing in
            Array(zip(mixing.part.sources, mixing.sources)) + zip(mixing.part.targets, mixing.targets)
        }
        return Set(Self.entries(views).filter { !known.contains($0) }.map(\.pattern))
    }
}
