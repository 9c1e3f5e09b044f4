import WeightSpaces

/// Tells by what reads them which stored tensors of numbers are constants and no weights: settings of operators, factors
/// of shapes, and masks.
///
/// Nothing that is trained comes to an operator in these ways. A constant is never permuted: it allows the permutations
/// that leave it as it is, and fixes what else it meets.
struct StoredConstants {
    /// The nodes that read a value, and as which input.
    private var readers: [String: [(node: Node, input: Int)]] = [:]
    /// Values that leave a graph.
    private var outputs: Set<String> = []

    /// Inputs that choose what an operator does, by operator.
    private static let settings: [String: Set<Int>] = ["Resize": [1, 2], "Upsample": [1], "OneHot": [2]]
    /// Operators that move elements about.
    private static let rearranging: Set<String> = [
        "Cast", "Identity", "Reshape", "Flatten", "Squeeze", "Unsqueeze", "Transpose", "Slice", "Expand", "Tile",
        "Gather",
        "Trilu",
    ]
    /// Operators through which a mask acts: it is added, chooses, or is compared.
    private static let masking: Set<String> = [
        "Add", "Sub", "Where", "Equal", "Greater", "Less", "GreaterOrEqual", "LessOrEqual", "And", "Or", "Not", "Min",
        "Max",
    ]
    /// Operators with which shapes are computed.
    private static let arithmetic: Set<String> = ["Add", "Sub", "Mul", "Div", "Floor", "Ceil", "Round", "Concat"]
    /// ONNX's numbers of the types in which shapes are given.
    private static let integers: Set<Int> = [6, 7]
    /// The most numbers that a shape is computed with.
    private static let longestShape = 16
    /// The most elements of a mask: one for each pair of 8,192 places.
    private static let largestMask = 1 << 26

    /// Everything that reads a value in `graph` and in the graphs among its nodes' settings.
    init(readIn graph: Graph) { add(graph) }

    private mutating func add(_ graph: Graph) {
        outputs.formUnion(graph.outputs)
        for node in graph.nodes {
            for case let (input, name?) in node.inputs.enumerated() { readers[name, default: []].append((node, input)) }
            for case .graph(let inner) in node.attributes.values { add(inner) }
        }
    }

    /// Whether the stored tensor called `name` is no weight.
    ///
    /// - Parameter isMask: whether its elements are those of a mask; asked only where it is read like one.
    func contains(_ entry: CheckpointEntry, isMask: () -> Bool) -> Bool {
        let name = entry.name
        let readers = readers[name] ?? []
        if readers.isEmpty || outputs.contains(name) { return false }
        if readers.allSatisfy({ Self.settings[$0.node.operation]?.contains($0.input) ?? false }) { return true }
        let count = elementCount(entry.shape) ?? .max
        if entry.shape.count == 1, count <= Self.longestShape, makesShape(name) { return true }
        return entry.shape.count(where: { $0 > 1 }) >= 2 && count <= Self.largestMask && masks(name) && isMask()
    }

    /// Whether nothing reads a value but as a mask.
    private func masks(_ name: String) -> Bool {
        var seen: Set<String> = [name]
        var open = [name]
        while let name = open.popLast() {
            guard let readers = readers[name], !outputs.contains(name) else { return false }
            for (node, input) in readers where !Self.masking.contains(node.operation) {
                guard Self.rearranging.contains(node.operation), input == 0 else { return false }
                for case let result? in node.outputs where seen.insert(result).inserted { open.append(result) }
            }
        }
        return true
    }

    /// Whether a value is rounded to integers after some arithmetic.
    private func makesShape(_ name: String) -> Bool {
        var seen: Set<String> = [name]
        var open = [name]
        while let name = open.popLast() {
            for (node, _) in readers[name] ?? [] {
                if node.operation == "Cast", case .integer(let type) = node.attributes["to"],
                    Self.integers.contains(type)
                {
                    return true
                }
                guard Self.arithmetic.contains(node.operation) || Self.rearranging.contains(node.operation) else {
                    continue
                }
                for case let result? in node.outputs where seen.insert(result).inserted { open.append(result) }
            }
        }
        return false
    }
}
