public import WeightSpaces

/// What a feature holds for each block of a weight space: which groups permute it and how many channels it has.
public struct FeatureSpace: Hashable, Sendable {
    /// One block of a feature: an array `[batch, permuted axes…, fixedCount · channels]`.
    public struct Block: Hashable, Sendable {
        /// The name of the parameter that the block belongs to.
        public var name: String
        /// The group of each permuted axis; a label may repeat.
        public var groups: [Int]
        /// `F`, the fixed positions folded into the last axis, slower than the channels.
        public var fixedCount: Int
        /// `C`, the channels at each position.
        public var channels: Int
        /// Blocks whose roles have one pattern share the parameters of every layer.
        public var role: Role

        /// The size of the last axis, `F · C`.
        public var width: Int { fixedCount * channels }
    }

    /// The permutation groups that the axes' labels number.
    public var groups: [PermutationGroup]
    /// The blocks in order.
    public var blocks: [Block]

    /// Features of a weight space with `channels` channels for every weight, each block with parameters of its own.
    public init(_ space: WeightSpace, channels: Int) {
        groups = space.groups
        blocks = space.blocks.map {
            Block(
                name: $0.name, groups: $0.groups, fixedCount: $0.fixedCount, channels: channels,
                role: Role(pattern: $0.name))
        }
    }

    /// The same blocks, sharing parameters by their roles in the weight space that they belong to.
    public func sharingRoles(of space: WeightSpace) -> FeatureSpace {
        var result = self
        for (index, block) in space.blocks.enumerated() { result.blocks[index].role = space.role(of: block) }
        return result
    }

    /// One position for all fixed ones of a block, and roles that do not tell their sizes apart.
    func joiningFixedAxes(of space: WeightSpace) -> FeatureSpace {
        var result = self
        for (index, block) in space.blocks.enumerated() {
            result.blocks[index].fixedCount = 1
            result.blocks[index].role = space.role(of: block, distinguishesSizes: false)
        }
        return result
    }

    /// One position for all fixed ones of blocks that have more than `width` channels, fixed positions counted, and more
    /// than ``FunctionalConfiguration/fewPositions`` of them.
    func joiningFixedAxes(widerThan width: Int) -> FeatureSpace {
        var result = self
        for index in blocks.indices
        where blocks[index].width > width && blocks[index].fixedCount > FunctionalConfiguration.fewPositions {
            result.blocks[index].fixedCount = 1
        }
        return result
    }

    /// For each block the number of its role's pattern, in order of appearance.
    var roleNumbers: [Int] {
        let numbers = Dictionary(uniqueKeysWithValues: zip(roles.map(\.role.pattern), roles.indices))
        return blocks.compactMap { numbers[$0.role.pattern] }
    }

    /// The first block of each role, by its number.
    var roles: [Block] {
        var seen = Set<String>()
        return blocks.filter { seen.insert($0.role.pattern).inserted }
    }

    /// The same blocks with another number of channels.
    public func withChannels(_ channels: Int) -> FeatureSpace {
        var result = self
        for index in blocks.indices { result.blocks[index].channels = channels }
        return result
    }

    /// The same blocks with `vectors` channels, but `matrices` in blocks of two or more permuted axes: most weights are
    /// there, and most of what a functional has to know fits in the neurons' vectors.
    public func withChannels(vectors: Int, matrices: Int) -> FeatureSpace {
        var result = self
        for index in blocks.indices {
            result.blocks[index].channels = blocks[index].groups.count > 1 ? matrices : vectors
        }
        return result
    }

    /// How many networks are best computed together: at most eight, which keeps products large, and fewer where their
    /// features are, so that those of a few layers never need much memory.
    public var networksPerPart: Int {
        let count = blocks.reduce(0) { $0 + shape(of: $1, batch: 1).reduce(1, *) }
        return max(1, min(8, 5_000_000 / max(count, 1)))
    }

    /// The shape of one block's array.
    public func shape(of block: Block, batch: Int) -> [Int] {
        [batch] + block.groups.map { groups[$0].size } + [block.width]
    }
}
