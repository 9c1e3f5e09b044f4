internal import Synchronization
internal import WeightSpaces

/// What a ``MixedFunctional`` derives from an architecture alone.
struct ArchitecturePlan: Sendable {
    /// The weights, with roles that tell fixed sizes apart.
    let input: FeatureSpace
    /// What the layers write.
    let hidden: FeatureSpace
    /// For each block the square root of how many weights one output of its layer reads.
    let scales: [Double]
    /// For each block the number of its role among those of the configuration.
    let roles: [Int]
    /// The views of no axes of what the last layer writes, by role.
    let scalars: [String: SharedView]
    /// Where the layer from weights to features has its parameters.
    let first: RolePlaces
    /// Where layers from features to features have theirs.
    let inner: RolePlaces

    /// The spaces of features of an architecture.
    static func spaces(
        of space: WeightSpace, channels: Int, matrixChannels: Int
    ) -> (input: FeatureSpace, hidden: FeatureSpace) {
        let input = FeatureSpace(space, channels: 1)
        return (
            input.sharingRoles(of: space),
            input.joiningFixedAxes(of: space).withChannels(vectors: channels, matrices: matrixChannels)
        )
    }

    /// - Traps: when the functional does not know a role of the space.
    init(_ space: WeightSpace, _ configuration: MixedFunctional.Configuration) {
        (input, hidden) = Self.spaces(
            of: space, channels: configuration.channels, matrixChannels: configuration.matrixChannels)
        let basis = EquivariantBasis(from: hidden, to: hidden)
        scales = space.blocks.map { Double($0.fanIn).squareRoot() }
        let numbers = Dictionary(
            uniqueKeysWithValues: zip(configuration.features.patterns, configuration.features.patterns.indices))
        roles = hidden.blocks.compactMap { numbers[$0.role.pattern] }
        scalars = Dictionary(
            uniqueKeysWithValues: zip(basis.mixings[0].part.sources.map(\.name), basis.mixings[0].sources))
        first = RolePlaces(of: EquivariantBasis(from: input, to: hidden), in: configuration.weights)
        inner = RolePlaces(of: basis, in: configuration.features)
    }
}

/// The plans of the architectures that a functional has seen, on any thread.
final class ArchitecturePlans: Sendable {
    private let plans = Mutex<[WeightSpace: ArchitecturePlan]>([:])

    /// The plan for a space, made at its first use.
    func plan(for space: WeightSpace, otherwise make: () -> ArchitecturePlan) -> ArchitecturePlan {
        if let plan = plans.withLock({ $0[space] }) { return plan }
        let plan = make()
        plans.withLock { $0[space] = plan }
        return plan
    }
}
