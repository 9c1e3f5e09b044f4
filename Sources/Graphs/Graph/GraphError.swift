/// Why a graph cannot be understood or computed.
public enum GraphError: Error, Equatable, CustomStringConvertible {
    /// An operator's setting has another kind or value than the operator allows.
    case attribute(String, node: String, expected: String)
    /// An operator has fewer or other inputs than it needs.
    case inputs(node: String, expected: String, found: String)
    /// The project does not know the operator.
    case unknownOperator(String)
    /// Sizes that should be equal, add up or multiply to one another do not.
    case sizes(node: String, expected: [Int], found: [Int])
    /// A node reads a value that nothing writes before it.
    case missingValue(String, node: String)
    /// The network has no input of this name.
    case unknownInput(String, known: [String])
    /// An operator cannot compute with the values that reach it.
    case computation(node: String, reason: String)
    /// A network cannot be evaluated on random inputs; `open` are those whose extents the file leaves open.
    case evaluation(file: String, inputs: [String: [Int]], open: [Graph.Input], reason: String)
    /// No tensor of a file is a weight.
    case noWeights(file: String)

    public var description: String {
        switch self {
        case .attribute(let name, let node, let expected): "\(node): expected \(expected) as '\(name)'"
        case .inputs(let node, let expected, let found): "\(node): expected \(expected), found \(found)"
        case .unknownOperator(let name): "the operator \(name) is not known"
        case .sizes(let node, let expected, let found): "\(node): sizes \(found) do not fit \(expected)"
        case .missingValue(let name, let node): "\(node) reads '\(name)', which nothing writes before it"
        case .unknownInput(let name, let known):
            "'\(name)' is no input of the network; its inputs are \(known.joined(separator: ", "))"
        case .computation(let node, let reason): "\(node) cannot be computed: \(reason)"
        case .evaluation(let file, let inputs, let open, let reason):
            "\(file): evaluating the network on random inputs \(Self.list(inputs)) failed: \(reason)\(Self.hint(open, inputs))"
        case .noWeights(let file): "\(file): the network holds no weights"
        }
    }

    private static func list(_ inputs: [String: [Int]]) -> String {
        inputs.sorted { $0.key < $1.key }.map { "'\($0)' \($1)" }.joined(separator: ", ")
    }

    /// How to state extents that a file leaves open.
    private static func hint(_ open: [Graph.Input], _ inputs: [String: [Int]]) -> String {
        if open.isEmpty { return "" }
        let texts = open.map { input in
            let extents = input.shape.enumerated().map { axis, size in
                size.map { "\($0)" } ?? input.openExtents[axis] ?? "?"
            }
            return "'\(input.name)' [\(extents.joined(separator: ", "))]"
        }
        let options = open.map { input in
            "--shape \(input.name)=\((inputs[input.name] ?? []).map { "\($0)" }.joined(separator: ","))"
        }
        return ". The file leaves extents open, \(texts.joined(separator: ", ")): state others than these with "
            + options.joined(separator: " ")
    }
}
