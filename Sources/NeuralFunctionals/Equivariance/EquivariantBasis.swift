/// The basis of all equivariant linear maps between two feature spaces over the same groups, sorted by view type.
///
/// Every projection and every injection of one type compose to a map; these maps span all equivariant linear maps and,
/// when each group has at least as many neurons as a pair of blocks has axes with its label, are independent.
///
/// Where blocks share parameters by role, the basis spans those maps that are moreover the same for every repetition of
/// a layer: each repetition reads the mean over all of them, and how it differs.
///
/// - Source: Zhou et al. 2024, arXiv:2402.05232, theorem 3.1; Maron et al. 2019, arXiv:1812.09902. For repetitions as a
///   set: Zaheer et al. 2017, arXiv:1703.06114, lemma 3.
public struct EquivariantBasis: Hashable, Sendable {
    /// The maps through views of one type: each projection with each injection.
    public struct Mixing: Hashable, Sendable {
        /// The labels of the view's axes.
        public let type: ViewType
        /// The views that are read, in channel order.
        public let sources: [SharedView]
        /// The views that are written, in channel order.
        public let targets: [SharedView]
        /// Types with one number play the same part in different repetitions, and share their matrices.
        public let number: Int
        /// What the type connects.
        let part: Part

        /// All views that are read.
        public var projections: [View] { sources.flatMap(\.views) }
        /// All views that are written.
        public var injections: [View] { targets.flatMap(\.views) }
        /// Channels read, over all sources.
        public var inputWidth: Int { sources.width }
        /// Channels written, over all targets.
        public var outputWidth: Int { targets.width }

        /// The sources that a repetition reads of itself too; without them the mean over all repetitions is all there is.
        var ownSources: [SharedView] { sources.filter(\.isRepeated) }
        /// The targets that are written so.
        var ownTargets: [SharedView] { ownSources.isEmpty ? [] : targets.filter(\.isRepeated) }
        /// The repetitions of the layers that the type runs through.
        var repetitions: [String] {
            var seen = Set<String>()
            return ownTargets.flatMap(\.repetitions).filter { seen.insert($0).inserted }
        }

        /// Whether the only map mixes the channels of one matrix into those of another, entry by entry.
        var isMatrixProduct: Bool {
            projections.count == 1 && injections.count == 1 && type.groups.count == 2
                && projections[0].partition == injections[0].partition && projections[0].partition.classes.count == 2
                && projections[0].partition.isTrivial && projections[0].classes == injections[0].classes
        }
    }

    /// One entry per view type that both spaces have; the scalar type comes first.
    public let mixings: [Mixing]
    /// The first mixing of each number.
    public let distinctMixings: [Mixing]

    /// The basis for maps from `input` to `output`.
    ///
    /// - Traps: when the spaces do not have the same groups, or blocks of one role differ in width.
    public init(from input: FeatureSpace, to output: FeatureSpace) {
        precondition(input.groups == output.groups, "expected two feature spaces over the same groups")
        let projections = Dictionary(
            grouping: input.blocks.indices.flatMap { View.projections(from: $0, labels: input.blocks[$0].groups) },
            by: \.type)
        let injections = Dictionary(
            grouping: output.blocks.indices.flatMap { View.injections(into: $0, labels: output.blocks[$0].groups) },
            by: \.type)
        var numbers: [Part: Int] = [:]
        var distinct: [Mixing] = []
        mixings = projections.keys.filter { injections[$0] != nil }
            .sorted { ($0.groups.count, $0.groups.description) < ($1.groups.count, $1.groups.description) }
            .map { type in
                let sources = SharedView.all(of: projections[type, default: []], in: input)
                let targets = SharedView.all(of: injections[type, default: []], in: output)
                let part = Part(sources, of: input, targets, of: output)
                let number = numbers[part] ?? distinct.count
                let mixing = Mixing(type: type, sources: sources, targets: targets, number: number, part: part)
                if number == distinct.count { distinct.append(mixing) }
                numbers[part] = number
                return mixing
            }
        distinctMixings = distinct
    }

    /// The number of maps, channels and fixed positions counted: the free parameters of a layer without its bias.
    public var count: Int {
        distinctMixings.reduce(0) { count, mixing in
            count + mixing.inputWidth * mixing.outputWidth + mixing.ownSources.width * mixing.ownTargets.width
        }
    }

    /// The channels that reach each output block through any type.
    func fanIn(blockCount: Int) -> [Int] {
        var result = [Int](repeating: 0, count: blockCount)
        for mixing in mixings {
            for injection in mixing.injections { result[injection.block] += mixing.inputWidth }
            for target in mixing.ownTargets {
                for injection in target.views { result[injection.block] += mixing.ownSources.width }
            }
        }
        return result
    }
}

/// What a view type connects in the layers that it runs through, apart from the names of their groups.
struct Part: Hashable {
    /// What is read, in channel order.
    let sources: [SharedView.Key]
    /// What is written, in channel order.
    let targets: [SharedView.Key]
    private let isRepeated: [Bool]

    init(_ sources: [SharedView], of input: FeatureSpace, _ targets: [SharedView], of output: FeatureSpace) {
        // Labels are numbered in another order in every layer; axes are compared as the first view has them.
        let first = sources[0].views[0].classes
        let order = first.indices.sorted { first[$0] < first[$1] }
        func key(_ shared: SharedView, _ space: FeatureSpace) -> SharedView.Key {
            let view = shared.views[0]
            return SharedView.Key(
                pattern: space.blocks[view.block].role.pattern, partition: view.partition,
                classes: order.map { view.classes[$0] })
        }
        self.sources = sources.map { key($0, input) }
        self.targets = targets.map { key($0, output) }
        isRepeated = (sources + targets).map(\.isRepeated)
    }
}

extension [SharedView] {
    /// The channels of all views, fixed positions counted.
    var width: Int { reduce(0) { $0 + $1.width } }
}
