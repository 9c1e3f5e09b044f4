/// In which order the layers of a chain come.
///
/// Layers whose names differ only in numbers come in the order of these; which of such groups comes first follows from
/// the shapes, or, where several orders fit, from words that say so. Where that leaves a choice, the file is refused.
enum ChainOrder {
    /// Words for what comes early.
    private static let earlyWords: Set<String> = [
        "in", "input", "stem", "first", "encoder", "features", "conv", "backbone",
    ]
    /// Words for what comes late.
    private static let lateWords: Set<String> = ["out", "output", "head", "classifier", "last", "final", "decoder"]
    /// The largest number of groups whose orders are all tried.
    private static let largestGroupCount = 6
    /// The largest number of layers, far beyond what trains without connections that skip some.
    private static let largestLayerCount = 1000

    /// The layers one after the other.
    ///
    /// - Parameter mayBeSkipped: whether connections may skip blocks of them.
    /// - Throws: ``ChainError`` when they are no chain, or names and shapes leave a choice.
    static func ordered(
        _ layers: [ChainLayer], mayBeSkipped: Bool = true
    ) throws(ChainError) -> [ChainLayer] {
        guard layers.count <= largestLayerCount else {
            throw ChainError(reason: "expected at most \(largestLayerCount) layers, found \(layers.count)")
        }
        guard layers.contains(where: { $0.kind == .dense }) else {
            throw ChainError(reason: "a chain ends with a dense layer, and there is none")
        }
        if mayBeSkipped { try refuseBlocks(layers) }
        var groups = Dictionary(grouping: layers, by: \.stem).mapValues { group in
            group.sorted { $0.numbers.lexicographicallyPrecedes($1.numbers) }
        }
        for (stem, group) in groups where !group.contains(where: \.isMatrix) {
            groups[stem] = nil
            for layer in group { try insert(layer, into: &groups) }
        }
        let stems = groups.keys.sorted { (rank($0), $0) < (rank($1), $1) }
        let sorted = stems.compactMap { groups[$0] }
        guard sorted.count <= largestGroupCount else {
            throw ChainError(
                reason: "the names \(stems.prefix(3).joined(separator: ", ")), … do not say in which order layers come")
        }
        for group in sorted {
            if let reason = misfit(in: group) { throw ChainError(reason: reason) }
        }
        let orders = permutations(sorted)
        let fitting = orders.filter { misfit(in: $0.flatMap { $0 }) == nil }
        if fitting.isEmpty, let reason = misfit(in: sorted.flatMap { $0 }) { throw ChainError(reason: reason) }
        let told = fitting.filter { order in
            let ranks = order.map { rank($0[0].stem) }
            return zip(ranks, ranks.dropFirst()).allSatisfy { $0 <= $1 }
        }
        guard let order = fitting.count == 1 ? fitting[0] : told.first, fitting.count == 1 || told.count == 1 else {
            throw ChainError(
                reason: "layers come in one of \(fitting.count) orders, and names do not say in which: "
                    + stems.joined(separator: ", "))
        }
        return order.flatMap { $0 }
    }

    /// Puts a normalization that is named apart from the layers after the one that it belongs to.
    private static func insert(_ layer: ChainLayer, into groups: inout [String: [ChainLayer]]) throws(ChainError) {
        let all = groups.values.flatMap { $0 }.filter { $0.isMatrix && $0.outputs == layer.outputs }
        let alike = all.filter { $0.numbers == layer.numbers }
        let found = alike.count == 1 ? alike : all
        guard found.count == 1, let place = groups[found[0].stem]?.firstIndex(of: found[0]) else {
            throw ChainError(reason: "the layer that '\(layer.name)' normalizes is not known")
        }
        groups[found[0].stem]?.insert(layer, at: place + 1)
    }

    /// Refuses blocks that a connection may skip: they write as many values as they read.
    private static func refuseBlocks(_ layers: [ChainLayer]) throws(ChainError) {
        let matrices = layers.filter(\.isMatrix)
        var blocks: [String: [ChainLayer]] = [:]
        for layer in matrices {
            var path = ""
            for word in layer.name.split(separator: ".").dropLast() {
                path += path.isEmpty ? word : "." + word
                if word.last?.isNumber == true { blocks[path, default: []].append(layer) }
            }
        }
        for (path, inside) in blocks.sorted(by: { $0.key < $1.key })
        where inside.count > 1 && inside.count < matrices.count {
            let order = inside.sorted { $0.numbers.lexicographicallyPrecedes($1.numbers) }
            let isOrdered = Set(inside.map(\.numbers)).count == inside.count
            let mayBeSkipped =
                isOrdered
                ? order[0].inputs == order[order.count - 1].outputs
                : !Set(inside.map(\.inputs)).isDisjoint(with: inside.map(\.outputs))
            guard !mayBeSkipped else {
                throw ChainError(
                    reason: "the block '\(path)' may read and write equally many values, and names do not say whether "
                        + "a connection skips it; if none does, state that with --chain")
            }
        }
    }

    /// Why layers do not fit one after the other, if they do not.
    private static func misfit(in layers: [ChainLayer]) -> String? {
        let isPicture = layers.first { $0.isMatrix }?.kind == .convolution
        var (before, matrix): (ChainLayer?, ChainLayer?) = (nil, nil)
        for layer in layers {
            defer {
                before = layer
                if layer.isMatrix { matrix = layer }
            }
            if layer.kind == .layerNormalization, isPicture, matrix?.kind != .dense {
                return "'\(layer.name)' may normalize groups of channels, and how many is not in the file"
            }
            guard let before else { continue }
            let fits =
                switch (matrix?.kind, layer.kind) {
                case (.dense, .convolution): false
                case (.convolution, .convolution):
                    matrix?.shape.count == layer.shape.count && before.outputs == layer.inputs
                case (.convolution, .dense): layer.inputs.isMultiple(of: before.outputs)
                default: before.outputs == layer.inputs
                }
            guard fits else {
                return "'\(layer.name)' \(layer.shape) does not fit after '\(before.name)' \(before.shape)"
            }
        }
        return nil
    }

    /// Whether a name says that its layers come early (−1) or late (1).
    private static func rank(_ stem: String) -> Int {
        let words = Set(stem.lowercased().split { !$0.isLetter }.map(String.init))
        return words.isDisjoint(with: lateWords) ? (words.isDisjoint(with: earlyWords) ? 0 : -1) : 1
    }

    private static func permutations(_ groups: [[ChainLayer]]) -> [[[ChainLayer]]] {
        guard groups.count > 1 else { return [groups] }
        return groups.indices.flatMap { first in
            var rest = groups
            let group = rest.remove(at: first)
            return permutations(rest).map { [group] + $0 }
        }
    }
}
