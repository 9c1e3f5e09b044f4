/// The atoms of a network under way: what is known of each, and the labels that follow.
///
/// Every operation that learns something only takes permutations away, so that what is left at the end leaves the
/// network's function alone.
struct Labelling {
    /// What is known of a set of neurons.
    private struct Atom {
        var size: Int
        /// Where it came from, the same in every pass over a graph; empty where that does not matter.
        var path: String
        /// What it turned out to be.
        var definition: Label?
        /// Why it is fixed, if it is.
        var reason: String?
    }

    /// What an atom is from the start: for each of `outer` positions, `parts` independent sets of `inner` neurons.
    struct Division: Hashable {
        var outer: Int
        var parts: Int
        var inner: Int
    }

    /// What earlier passes over the graph found out about atoms, by path.
    let divisions: [String: Division]
    /// Divisions that this pass would have needed from the start, by path.
    private(set) var wantedDivisions: [String: Division] = [:]
    /// Paths of axes along which earlier passes found independent values side by side.
    let stacks: Set<String>
    /// Axes along which this pass would have needed independent values from the start, by path.
    private(set) var wantedStacks: Set<String> = []
    /// How many rows the table has from which a network's input selects.
    private(set) var bounds: [String: Int] = [:]
    /// Numbers with which a network's input is compared.
    private(set) var comparands: [String: Set<Int>] = [:]
    /// The node at hand, for messages and reasons.
    var place = ""

    private var atoms: [Atom] = []
    /// The sizes of the factors that atoms were taken apart into, by path.
    private var factorizations: [String: [Int]] = [:]

    init(divisions: [String: Division] = [:], stacks: Set<String> = []) {
        self.divisions = divisions
        self.stacks = stacks
    }

    /// A label of neurons that nothing is known of.
    mutating func fresh(_ size: Int, path: String = "") -> Label {
        guard size > 1 else { return .fixed(size) }
        atoms.append(Atom(size: size, path: path))
        let atom = atoms.count - 1
        if let division = divisions[path] {
            let outer = fresh(division.outer, path: "\(path).outer")
            let parts = (0..<division.parts).map { fresh(division.inner, path: "\(path).\($0)") }
            atoms[atom].definition = .product(of: [outer, .concatenation(of: parts)])
        }
        return resolved(.atom(atom, size: size))
    }

    /// The label in normal form, with everything that is known of its atoms put in.
    func resolved(_ label: Label) -> Label {
        switch label {
        case .fixed: label
        case .atom(let atom, _): atoms[atom].definition.map(resolved) ?? label
        case .product(let factors): .product(of: factors.map(resolved))
        case .concatenation(let parts): .concatenation(of: parts.map(resolved))
        }
    }

    /// Takes away every permutation of a label's neurons.
    mutating func fix(_ label: Label, because reason: String) {
        for atom in resolved(label).atoms { fix(atom, because: reason) }
    }

    /// Takes away every permutation of an atom that nothing else is known of.
    mutating func fix(_ atom: Int, because reason: String) {
        atoms[atom].definition = .fixed(atoms[atom].size)
        atoms[atom].reason = reason
    }

    /// Why neurons of a label are fixed, as far as they are.
    func reasons(of label: Label) -> [String] {
        switch label {
        case .fixed: []
        case .atom(let atom, _): atoms[atom].reason.map { [$0] } ?? atoms[atom].definition.map(reasons(of:)) ?? []
        case .product(let labels), .concatenation(let labels): labels.flatMap(reasons(of:))
        }
    }

    /// Asks that a parameter hold independent values for each position along the axis with this label.
    mutating func wantStack(along label: Label) {
        if case .atom(let atom, _) = resolved(label), atoms[atom].path.hasSuffix("/0") {
            wantedStacks.insert(atoms[atom].path)
        }
    }

    /// Notes that an input of the network, named `origin`, selects from a table of `count` rows.
    mutating func note(_ origin: String?, selectsFrom count: Int) {
        if let origin { bounds[origin] = min(bounds[origin] ?? count, count) }
    }

    /// Notes that an input of the network, named `origin`, is compared with a number.
    mutating func note(_ origin: String?, isComparedWith number: Int) {
        if let origin { comparands[origin, default: []].insert(number) }
    }

    /// Where an atom came from.
    func path(of atom: Int) -> String { atoms[atom].path }

    /// Fixes a label whose neurons would have to move in two ways at once.
    private mutating func fixTangled(_ label: Label) { fix(label, because: "no product of permutations fits \(place)") }

    private mutating func fixedParts(_ label: Label, _ sizes: [Int]) -> [Label] {
        fixTangled(label)
        return sizes.map(Label.fixed)
    }
}

// MARK: Equality

extension Labelling {
    /// Keeps those permutations that move two axes' positions alike.
    ///
    /// - Throws: `GraphError` when the sizes differ.
    mutating func unify(_ a: Label, _ b: Label) throws(GraphError) {
        let given = [a, b]
        let (a, b) = (resolved(a), resolved(b))
        guard a.size == b.size else { throw GraphError.sizes(node: place, expected: [a.size], found: [b.size]) }
        switch (a, b) {
        case _ where a == b:
            return
        case (.fixed, let other), (let other, .fixed):
            fix(other, because: given.flatMap(reasons(of:)).first ?? "joined to fixed positions in \(place)")
        case (.atom(let first, _), .atom(let second, _)):
            atoms[max(first, second)].definition = first < second ? a : b
        case (.atom(let atom, _), let other), (let other, .atom(let atom, _)):
            if other.atoms.contains(atom) { fixTangled(other) } else { atoms[atom].definition = other }
        case (.concatenation(let parts), let other), (let other, .concatenation(let parts)):
            for (part, piece) in zip(parts, try split(other, sizes: parts.map(\.size))) { try unify(part, piece) }
        case (.product(let factors), let other):
            let pieces = try factored(other, sizes: factors.map(\.size))
            for (factor, piece) in zip(factors, pieces) { try unify(factor, piece) }
        }
    }
}

// MARK: Parts

extension Labelling {
    /// The label as parts of the given sizes, one after the other.
    ///
    /// Where a part would begin amid positions that move together, the whole label is fixed.
    ///
    /// - Throws: `GraphError` when the sizes do not add up to the label's.
    mutating func split(_ given: Label, sizes: [Int]) throws(GraphError) -> [Label] {
        let label = resolved(given)
        guard sizes.allSatisfy({ $0 >= 0 && $0 <= label.size }), label.size == sizes.reduce(0, +) else {
            throw GraphError.sizes(node: place, expected: [label.size], found: sizes)
        }
        if sizes.count(where: { $0 > 0 }) <= 1 { return sizes.map { $0 == 0 ? .fixed(0) : given } }
        switch label {
        case .fixed:
            return sizes.map(Label.fixed)
        case .atom(let atom, let size):
            let path = atoms[atom].path
            if size <= 16, sizes.contains(1) { wantDivision(ofParentOf: path, parts: size) }
            let parts = sizes.enumerated().map { fresh($1, path: path.isEmpty ? "" : "\(path)|\($0)") }
            atoms[atom].definition = .concatenation(of: parts)
            return parts
        case .product(let factors):
            let inner = Label.product(of: Array(factors.dropFirst()))
            guard sizes.allSatisfy({ $0.isMultiple(of: inner.size) }) else { return fixedParts(label, sizes) }
            return try split(factors[0], sizes: sizes.map { $0 / inner.size }).map { resolved(.product([$0, inner])) }
        case .concatenation(let parts):
            return try split(parts: parts, sizes: sizes)
        }
    }

    private mutating func split(parts: [Label], sizes: [Int]) throws(GraphError) -> [Label] {
        func ends(_ sizes: [Int]) -> [Int] { sizes.reduce(into: [0]) { $0.append($0[$0.count - 1] + $1) } }
        let cuts = Set(ends(parts.map(\.size)) + ends(sizes)).sorted()
        var pieces: [Label] = []
        for (part, start) in zip(parts, ends(parts.map(\.size))) {
            let inside = cuts.filter { start <= $0 && $0 <= start + part.size }
            pieces += try split(part, sizes: zip(inside, inside.dropFirst()).map { $1 - $0 })
        }
        return zip(sizes, ends(sizes)).map { size, start in
            resolved(.concatenation(zip(pieces, cuts).filter { start <= $1 && $1 < start + size }.map(\.0)))
        }
    }

    /// Asks that an atom whose factor is told apart position by position hold independent neurons for each of them.
    private mutating func wantDivision(ofParentOf path: String, parts: Int) {
        guard let star = path.lastIndex(of: "*"), let factor = Int(path[path.index(after: star)...]),
            let sizes = factorizations[String(path[..<star])]
        else { return }
        let inner = sizes[(factor + 1)...].reduce(1, *)
        guard inner > 1 else { return }
        wantedDivisions[String(path[..<star])] = Division(
            outer: sizes[..<factor].reduce(1, *), parts: parts, inner: inner)
    }
}

// MARK: Factors

extension Labelling {
    /// The label as a product of factors of the given sizes, the first one slowest.
    ///
    /// Where that cannot be without tearing apart what moves together, the label is fixed.
    ///
    /// - Throws: `GraphError` when the sizes do not multiply to the label's.
    mutating func factored(_ given: Label, sizes: [Int]) throws(GraphError) -> [Label] {
        let label = resolved(given)
        guard sizes.allSatisfy({ $0 > 0 && label.size.isMultiple(of: $0) }), label.size == sizes.reduce(1, *) else {
            throw GraphError.sizes(node: place, expected: [label.size], found: sizes)
        }
        if sizes.count(where: { $0 > 1 }) <= 1 { return sizes.map { $0 == 1 ? .fixed(1) : given } }
        if sizes[0] == 1 { return [.fixed(1)] + (try factored(label, sizes: Array(sizes.dropFirst()))) }
        let inner = sizes.dropFirst().reduce(1, *)
        switch label {
        case .fixed:
            return sizes.map(Label.fixed)
        case .atom(let atom, _):
            let path = atoms[atom].path
            let factors = sizes.enumerated().map { fresh($1, path: path.isEmpty ? "" : "\(path)*\($0)") }
            factorizations[path] = sizes
            atoms[atom].definition = .product(of: factors)
            return factors
        case .concatenation(let parts):
            guard parts.allSatisfy({ $0.size.isMultiple(of: inner) }) else { return fixedParts(label, sizes) }
            let pairs = try parts.map { part throws(GraphError) in
                try factored(part, sizes: [part.size / inner, inner])
            }
            for pair in pairs.dropFirst() { try unify(pairs[0][1], pair[1]) }
            return [resolved(.concatenation(pairs.map { $0[0] }))]
                + (try factored(pairs[0][1], sizes: Array(sizes.dropFirst())))
        case .product(let factors):
            return try factored(factors: factors, sizes: sizes)
        }
    }

    private mutating func factored(factors: [Label], sizes: [Int]) throws(GraphError) -> [Label] {
        var (result, waiting): ([Label], [Label]) = ([], factors)
        for size in sizes {
            var taken: [Label] = []
            var missing = size
            while missing > 1 {
                let next = resolved(waiting.removeFirst())
                if case .product(let inner) = next {
                    waiting = inner + waiting
                } else if missing.isMultiple(of: next.size) {
                    taken.append(next)
                    missing /= next.size
                } else if next.size.isMultiple(of: missing) {
                    let pair = try factored(next, sizes: [missing, next.size / missing])
                    taken.append(pair[0])
                    waiting.insert(pair[1], at: 0)
                    missing = 1
                } else {
                    return fixedParts(.product(factors), sizes)
                }
            }
            result.append(.product(taken))
        }
        return result.map(resolved)
    }
}
