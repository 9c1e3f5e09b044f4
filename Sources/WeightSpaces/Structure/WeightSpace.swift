/// The structure of a network's weights: which parameters there are, and which permutations leave its function alone.
///
/// An MLP, a CNN, a ResNet, a transformer and an RNN differ only in this list of blocks. Everything else follows from
/// it: the group's action, the complete equivariant linear layer, invariant pooling.
public struct WeightSpace: Hashable, Sendable, Codable {
    /// The independent permutation groups; axes name them by their position.
    public let groups: [PermutationGroup]
    /// The parameters, in stored order.
    public let blocks: [Block]

    /// A weight space, checked to be consistent.
    ///
    /// - Throws: ``WeightSpaceError`` when a block's axes do not make up its shape or name no group, or when there are more
    ///   weights than can be counted.
    public init(groups: [PermutationGroup], blocks: [Block]) throws {
        var names = Set<String>()
        for group in groups {
            guard names.insert(group.name).inserted else { throw WeightSpaceError.duplicateGroup(group.name) }
            guard group.size > 0 else { throw WeightSpaceError.emptyGroup(group.name) }
        }
        var slices: [String: [Block.Slice]] = [:]
        var total = 0
        for block in blocks {
            if let slice = block.slice {
                guard slice.isValid, let count = Self.elementCount(block.shape), Self.elementCount(slice.shape) == count
                else { throw WeightSpaceError.slice(block.parameter, slice: slice, shape: block.shape) }
            }
            let sizes = try block.axes.map { axis in
                switch axis {
                case .fixed(let size): return size
                case .permuted(let group):
                    guard groups.indices.contains(group) else {
                        throw WeightSpaceError.unknownGroup(block.parameter, group: group, count: groups.count)
                    }
                    return groups[group].size
                }
            }
            guard Self.splits(sizes, makeUp: block.viewShape) else {
                throw WeightSpaceError.axes(block.parameter, axes: sizes, shape: block.viewShape)
            }
            guard let count = Self.elementCount(block.viewShape), count <= Int.max - total else {
                throw WeightSpaceError.tooLarge(block.parameter)
            }
            total += count
            let slice = block.slice ?? Block.Slice(shape: block.shape, ranges: block.shape.map { 0..<$0 })
            guard slices[block.parameter, default: []].allSatisfy({ $0.isDisjoint(from: slice) }) else {
                throw WeightSpaceError.duplicateParameter(block.parameter)
            }
            slices[block.parameter, default: []].append(slice)
        }
        self.groups = groups
        self.blocks = blocks
    }

    /// Each stored parameter's name and shape, once, in the order in which the blocks view them.
    public var parameters: [(name: String, shape: [Int])] {
        var seen = Set<String>()
        return blocks.filter { seen.insert($0.parameter).inserted }.map { ($0.parameter, $0.shape) }
    }

    /// The number of weights in a network.
    public var parameterCount: Int { blocks.reduce(0) { $0 + $1.count } }

    /// Whether each stored size is the product of the next few axis sizes.
    private static func splits(_ axes: [Int], makeUp shape: [Int]) -> Bool {
        var remaining = axes[...]
        for size in shape {
            guard size > 0 else { return false }
            var product = 1
            repeat {
                guard let next = remaining.popFirst(), next > 0 else { return false }
                let (result, overflow) = product.multipliedReportingOverflow(by: next)
                if overflow { return false }
                product = result
            } while product < size
            guard product == size else { return false }
        }
        return remaining.allSatisfy { $0 == 1 }
    }

    private static func elementCount(_ shape: [Int]) -> Int? {
        shape.reduce(1) { product, size in
            guard let (result, overflow) = product?.multipliedReportingOverflow(by: size), !overflow else { return nil }
            return result
        }
    }

    private enum CodingKeys: CodingKey { case groups, blocks }

    /// Decodes and checks a weight space.
    public init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        try self.init(
            groups: container.decode([PermutationGroup].self, forKey: .groups),
            blocks: container.decode([Block].self, forKey: .blocks))
    }
}
