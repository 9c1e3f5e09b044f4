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
        }
    }
}
