/// Whether two graphs compute alike: the same operators with the same settings, wired the same way.
///
/// Names of values within and the order of independent nodes do not count; weights count by name. Graphs that differ may
/// still compute the same.
public struct GraphComparison: Sendable {
    /// What differs, as sentences; empty where nothing does.
    public let differences: [String]

    private static let largestCount = 8

    /// Compares two graphs.
    public init(_ here: Graph, _ there: Graph) {
        var values = GraphValues()
        let (a, b) = (values.add(here), values.add(there))
        var differences = Self.interfaces(here, there)
        if a.outputs != b.outputs {
            let found = Self.counts(a.nodes, b.nodes) + Self.wiring(a.nodes, b.nodes)
            differences += found.isEmpty ? ["the outputs are other values of the same operators"] : found
        }
        self.differences = differences
    }

    private static func interfaces(_ here: Graph, _ there: Graph) -> [String] {
        func text(_ input: Graph.Input) -> String {
            "\(input.dtype.rawValue) [\(input.shape.map { $0.map(String.init) ?? "?" }.joined(separator: ", "))]"
        }
        var result: [String] = []
        if here.inputs.count != there.inputs.count {
            result.append("\(here.inputs.count) inputs here, \(there.inputs.count) there")
        }
        for (a, b) in zip(here.inputs, there.inputs) where text(a) != text(b) {
            result.append("input '\(a.name.oneLine(limit: 60))': \(text(a)) here, \(text(b)) there")
        }
        if here.outputs.count != there.outputs.count {
            result.append("\(here.outputs.count) outputs here, \(there.outputs.count) there")
        }
        return result
    }

    /// Operators that are used more often on one side.
    private static func counts(_ here: [GraphValues.Numbered], _ there: [GraphValues.Numbered]) -> [String] {
        func counts(_ nodes: [GraphValues.Numbered]) -> [String: Int] {
            nodes.reduce(into: [:]) { $0[$1.node.operation, default: 0] += 1 }
        }
        let (a, b) = (counts(here), counts(there))
        let names = Set(a.keys).union(b.keys).sorted().filter { a[$0] != b[$0] }
        return names.prefix(largestCount).map { "\($0): \(a[$0] ?? 0) here, \(b[$0] ?? 0) there" }
            + (names.count > largestCount ? ["\(names.count - largestCount) more operators in other numbers"] : [])
    }

    /// The first nodes that the other side has no equal of, though it has what they read.
    private static func wiring(_ here: [GraphValues.Numbered], _ there: [GraphValues.Numbered]) -> [String] {
        func first(_ nodes: [GraphValues.Numbered], notIn others: [GraphValues.Numbered]) -> [GraphValues.Numbered] {
            let known = Set(others.map(\.use))
            let own = Set(nodes.filter { !known.contains($0.use) }.flatMap(\.results))
            return nodes.filter { node in
                !known.contains(node.use) && node.use.inputs.allSatisfy { $0.map { !own.contains($0) } ?? true }
            }
        }
        var (mine, others) = (first(here, notIn: there), first(there, notIn: here))
        var result: [String] = []
        for node in mine {
            let (use, inputs) = (node.use, node.use.inputs)
            guard let index = others.firstIndex(where: { $0.use.operation == use.operation && $0.use.inputs == inputs })
            else { continue }
            result.append("\(place(node)): \(settings(use, others[index].use))")
            others.remove(at: index)
            mine.removeAll { $0.use == use }
        }
        result += mine.map { "only here: \(place($0))" } + others.map { "only there: \(place($0))" }
        return result.prefix(largestCount) + (result.count > largestCount ? ["…"] : [])
    }

    private static func place(_ node: GraphValues.Numbered) -> String {
        let names = node.node.inputs.compactMap(\.self).prefix(3).map { $0.oneLine(limit: 60) }
        return "\(node.node.operation) of \(names.joined(separator: ", "))"
    }

    private static func settings(_ a: GraphValues.Use, _ b: GraphValues.Use) -> String {
        if a.version != b.version { return "operator set \(a.version) here, \(b.version) there" }
        let names = Set(a.attributes.keys).union(b.attributes.keys).sorted()
        return names.filter { a.attributes[$0] != b.attributes[$0] }.map { name in
            "\(name) \(text(a.attributes[name])) here, \(text(b.attributes[name])) there"
        }.joined(separator: "; ")
    }

    private static func text(_ setting: GraphValues.Setting?) -> String {
        switch setting {
        case nil: "left out"
        case .integer(let value): "\(value)"
        case .number(let bits): "\(Double(bitPattern: bits))"
        case .text(let value): value.oneLine(limit: 60)
        case .integers(let values): "\(values)"
        case .numbers(let bits): "\(bits.map(Double.init(bitPattern:)))"
        case .texts(let values): "\(values)".oneLine(limit: 60)
        case .tensor(let elements): "a tensor \(elements.shape)"
        case .graph: "a graph"
        }
    }
}
