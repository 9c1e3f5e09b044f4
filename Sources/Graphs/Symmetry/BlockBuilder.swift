import WeightSpaces

/// Turns the labels of parameters into the groups and blocks of a weight space.
struct BlockBuilder {
    private(set) var groups: [PermutationGroup] = []
    private(set) var blocks: [Block] = []
    private(set) var fixedAxes: [NetworkSymmetries.FixedAxis] = []
    private var labelling: Labelling
    private var numbers: [Int: Int] = [:]
    private var names: Set<String> = []

    /// - Parameter parameters: the labels of every parameter; those that no block can express are fixed first.
    init(labelling: Labelling, parameters: [Value]) {
        self.labelling = labelling
        for label in parameters.flatMap(\.labels)
        where !self.labelling.resolved(label).isFlat {
            self.labelling.fix(label, because: "groups are nested too deeply")
        }
    }

    /// A stretch of a stored axis whose positions are one product of groups and fixed positions.
    private struct Piece {
        /// The stored axis, reshaped.
        var shape: [Int]
        /// Which part of that.
        var ranges: [Range<Int>]
        var label: [Label]
    }

    /// Adds the blocks of one parameter.
    mutating func add(_ entry: CheckpointEntry, _ value: Value, readBy node: Node) {
        let name = Self.stem(of: entry, readBy: node)
        guard let stack = value.stack else {
            let pieces = value.axes.enumerated().map { axis, label in self.pieces(of: label, entry.name, axis) }
            return add(entry, pieces, named: name)
        }
        for (position, part) in stack.parts.enumerated() {
            var pieces = part.enumerated().map { axis, label in
                self.pieces(of: label, entry.name, axis < stack.axis ? axis : axis + 1)
            }
            let single = Piece(
                shape: [stack.parts.count], ranges: [position..<position + 1], label: [.fixed(1)])
            pieces.insert([single], at: stack.axis)
            add(entry, pieces, named: "\(name)/\(position)")
        }
    }

    private mutating func add(_ entry: CheckpointEntry, _ pieces: [[Piece]], named name: String) {
        let combinations = pieces.reduce([[Piece]([])]) { heads, choices in
            heads.flatMap { head in choices.map { head + [$0] } }
        }
        let atoms = combinations.flatMap { $0.flatMap { $0.label.flatMap(\.atoms) } }
        let new = atoms.reduce(into: [Int]()) { if numbers[$1] == nil && !$0.contains($1) { $0.append($1) } }
        for (position, atom) in new.enumerated() {
            let suffix = new.count > 1 ? "\(name)/\(position)" : name
            let size = combinations.lazy.flatMap { $0.flatMap(\.label) }.first { $0.atoms == [atom] }?.size ?? 1
            numbers[atom] = groups.count
            groups.append(PermutationGroup(unique(suffix), size: size))
        }
        for combination in combinations {
            let slice = Block.Slice(shape: combination.flatMap(\.shape), ranges: combination.flatMap(\.ranges))
            let isWhole = zip(slice.ranges, slice.shape).allSatisfy { $0 == 0..<$1 }
            let axes = combination.flatMap { $0.label.map(axis) }
            blocks.append(
                Block(parameter: entry.name, shape: entry.shape, slice: isWhole ? nil : slice, axes: axes))
        }
    }

    private func axis(_ label: Label) -> Axis {
        if case .atom(let atom, _) = label, let number = numbers[atom] { return .permuted(number) }
        return .fixed(label.size)
    }

    private mutating func pieces(of given: Label, _ parameter: String, _ axis: Int) -> [Piece] {
        let label = labelling.resolved(given)
        let reason = labelling.reasons(of: given).first
        func note(_ range: Range<Int>) {
            fixedAxes.append(
                .init(
                    parameter: parameter, axis: axis, range: range,
                    reason: reason ?? "positions are read or written in order"))
        }
        if case .product(let factors) = label,
            let middle = factors.firstIndex(where: { if case .concatenation = $0 { true } else { false } }),
            case .concatenation(let parts) = factors[middle]
        {
            let (outer, inner) = (Array(factors[..<middle]), Array(factors[(middle + 1)...]))
            let (before, after) = (outer.reduce(1) { $0 * $1.size }, inner.reduce(1) { $0 * $1.size })
            var start = 0
            return parts.map { part in
                defer { start += part.size * after }
                return Piece(
                    shape: [before, factors[middle].size * after],
                    ranges: [0..<before, start..<start + part.size * after], label: outer + part.factors + inner)
            }
        }
        let parts = if case .concatenation(let parts) = label { parts } else { [label] }
        var start = 0
        return parts.map { part in
            defer { start += part.size }
            if case .fixed(let size) = part, size > 1 { note(start..<start + size) }
            return Piece(shape: [label.size], ranges: [start..<start + part.size], label: part.factors)
        }
    }

    private mutating func unique(_ name: String) -> String {
        var (candidate, count) = (name, 1)
        while !names.insert(candidate).inserted {
            count += 1
            candidate = "\(name)#\(count)"
        }
        return candidate
    }

    /// What a parameter's neurons are called: its name without the last word, or the name of the node that reads it
    /// where an exporter numbered it.
    private static func stem(of entry: CheckpointEntry, readBy node: Node) -> String {
        if entry.isNumbered, !node.name.isEmpty {
            let path = node.name.split(separator: "/")
            return path.count > 1 ? path.dropLast().joined(separator: ".") : node.name
        }
        let words = entry.name.split(separator: ".")
        return words.count > 1 ? words.dropLast().joined(separator: ".") : entry.name
    }
}

extension Label {
    /// The factors of a product, or the label itself.
    fileprivate var factors: [Label] { if case .product(let factors) = self { factors } else { [self] } }

    /// Whether the label is parts of factors, or factors one of which is parts of factors, and no deeper.
    fileprivate var isFlat: Bool {
        func isSimple(_ label: Label) -> Bool {
            switch label {
            case .fixed, .atom: true
            case .product(let factors):
                factors.allSatisfy { if case .fixed = $0 { true } else if case .atom = $0 { true } else { false } }
            case .concatenation: false
            }
        }
        switch self {
        case .fixed, .atom: return true
        case .concatenation(let parts): return parts.allSatisfy(isSimple)
        case .product(let factors):
            let nested = factors.filter { if case .concatenation = $0 { true } else { false } }
            guard nested.count <= 1 else { return false }
            return nested.allSatisfy {
                if case .concatenation(let parts) = $0 { parts.allSatisfy(isSimple) } else { false }
            }
        }
    }
}
