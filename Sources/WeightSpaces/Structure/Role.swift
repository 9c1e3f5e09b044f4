/// What a block is in a layer that a network repeats, and in which repetition.
public struct Role: Hashable, Sendable {
    /// What the repetitions have in common: `h.*.mlp.c_fc.weight (#0, #1)`.
    public var pattern: String
    /// What tells them apart: `h.3`; empty for a block outside repeated layers.
    public var repetition: String

    /// A part of a layer.
    public init(pattern: String, repetition: String = "") {
        self.pattern = pattern
        self.repetition = repetition
    }
}

extension WeightSpace {
    /// The role of a block, read off its parameter's name, its slice and its axes.
    ///
    /// Words of the name that are numbers count repetitions. A number just before the last word, where it is not the
    /// only one, counts the operators inside a layer instead, as in `h.3.mlp.0.weight`. Blocks of one role have equally
    /// many axes, with repeated labels and fixed sizes in the same places. Parts of one parameter are told apart by their
    /// order and not by their size, as the queries, keys and values of `h.*.attn.c_attn.weight`.
    ///
    /// - Parameter distinguishesSizes: whether fixed sizes tell roles apart, such as those of kernels.
    public func role(of block: Block, distinguishesSizes: Bool = true) -> Role {
        var words = block.parameter.split(separator: ".", omittingEmptySubsequences: false)
        var numbers = words.indices.filter { Int(words[$0]) != nil }
        if numbers.count > 1, numbers.last == words.count - 2 { numbers.removeLast() }
        let repetition = words.prefix((numbers.last ?? -1) + 1).joined(separator: ".")
        for number in numbers { words[number] = "*" }
        let whole = words.joined(separator: ".")
        let name = block.slice == nil ? whole : "\(whole)[\(partNumber(of: block))]"
        let axes = block.axes.map { axis in
            switch axis {
            case .fixed(let size): distinguishesSizes ? "\(size)" : "·"
            case .permuted(let group) where groups[group].isOrdered: groups[group].name
            case .permuted(let group): "#\(block.groups.firstIndex(of: group) ?? 0)"
            }
        }
        return Role(pattern: "\(name) (\(axes.joined(separator: ", ")))", repetition: repetition)
    }

    /// How many other parts of its parameter the space has before a block.
    private func partNumber(of block: Block) -> Int {
        blocks.prefix { $0 != block }.count { $0.parameter == block.parameter }
    }
}
