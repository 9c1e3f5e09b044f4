extension WeightSpace {
    /// The same networks, with fixed axes as ordered groups where a block has many positions, so that what reads them has a
    /// number of parameters that does not grow with vocabularies, pictures or sequences: every axis of more than `length`
    /// positions, and while the others of a block have more than `product` together, the longest of them.
    ///
    /// Functionals tell the positions of ordered groups apart by positional encodings alone; the other groups stay as
    /// they are. Axes of equal length share one group, as the rows of an embedding and of the layer that predicts the
    /// same tokens do; a second one in the same block has a group of its own. Kernels are shorter than the default.
    ///
    /// - Throws: ``WeightSpaceError`` when a group already has the name of a new one, such as `784 positions`.
    public func sharingFixedAxes(longerThan length: Int = 64, product: Int = 1024) throws -> WeightSpace {
        var groups = groups
        var numbers: [String: Int] = [:]
        let blocks = blocks.map { block in
            var (block, counts) = (block, [Int: Int]())
            for index in block.longAxes(length, product: product) {
                guard case .fixed(let size) = block.axes[index] else { continue }
                counts[size, default: 0] += 1
                let name = counts[size] == 1 ? "\(size) positions" : "\(size) positions#\(counts[size, default: 1])"
                if numbers[name] == nil {
                    numbers[name] = groups.count
                    groups.append(PermutationGroup(name, size: size, isOrdered: true))
                }
                block.axes[index] = .permuted(numbers[name, default: 0])
            }
            return block
        }
        return try WeightSpace(groups: groups, blocks: blocks)
    }
}

extension Block {
    /// The fixed axes of more than `length` positions, and the longest others until at most `product` positions are left.
    fileprivate func longAxes(_ length: Int, product: Int) -> [Int] {
        let fixed = axes.indices.compactMap { index in
            if case .fixed(let size) = axes[index] { (index: index, size: size) } else { nil }
        }
        var (long, rest) = ([Int](), fixedCount)
        for (index, size) in fixed.sorted(by: { ($1.size, $0.index) < ($0.size, $1.index) })
        where size > length || (rest > product && size > 1) {
            long.append(index)
            rest /= size
        }
        return long.sorted()
    }
}
