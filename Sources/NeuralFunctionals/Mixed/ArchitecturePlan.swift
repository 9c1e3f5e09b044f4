internal import Synchronization
internal import WeightSpaces

/// What a ``MixedFunctional`` derives from an architecture alone.
struct ArchitecturePlan: Sendable {
    /// The weights, with roles that tell fixed sizes apart, and with joined positions where there are many.
    let input: FeatureSpace
    /// For each block the number of its role among those whose positions are joined, if it is.
    let joined: [Int?]
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

    /// How many fixed positions a role may have that are read by parameters of their own in the first layer.
    private static let mostPositions = 256

    /// The spaces of features of an architecture, and the role of each block whose positions are joined before.
    static func spaces(
        of space: WeightSpace, channels: Int, matrixChannels: Int, joinsPositions: Bool
    ) -> (input: FeatureSpace, hidden: FeatureSpace, joined: [RoleJoining.Role?]) {
        let weights = FeatureSpace(space, channels: 1)
        let hidden = weights.joiningFixedAxes(of: space).withChannels(vectors: channels, matrices: matrixChannels)
        var input = weights.sharingRoles(of: space)
        let joined = input.blocks.indices.map { index -> RoleJoining.Role? in
            let (block, channels) = (input.blocks[index], hidden.blocks[index].channels)
            guard joinsPositions, block.fixedCount > mostPositions else { return nil }
            (input.blocks[index].fixedCount, input.blocks[index].channels) = (1, channels)
            return RoleJoining.Role(pattern: block.role.pattern, positions: block.fixedCount, channels: channels)
        }
        return (input, hidden, joined)
    }

    /// - Traps: when the functional does not know a role of the space.
    init(_ space: WeightSpace, _ configuration: MixedFunctional.Configuration) {
        let spaces = configuration.spaces(of: space)
        (input, hidden) = (spaces.input, spaces.hidden)
        joined = spaces.joined.map { role in role.flatMap { configuration.joined?.firstIndex(of: $0) } }
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
