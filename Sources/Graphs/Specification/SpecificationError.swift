/// Why a specification does not describe a network's weight space.
public enum SpecificationError: Error, Equatable, CustomStringConvertible {
    /// The text is no specification.
    case malformed(file: String, reason: String)
    /// The text is of another version of the format.
    case version(file: String, expected: Int, found: Int)
    /// A parameter is not in the network.
    case unknownParameter(file: String, name: String, network: String)
    /// An axis names a group that is not listed.
    case unknownGroup(file: String, name: String)
    /// A range is not two bounds in order.
    case range(file: String, name: String, found: [Int])

    public var description: String {
        switch self {
        case .malformed(let file, let reason): "\(file): not a specification: \(reason)"
        case .version(let file, let expected, let found): "\(file): expected version \(expected), found \(found)"
        case .unknownParameter(let file, let name, let network): "\(file): '\(name)' is not a parameter of \(network)"
        case .unknownGroup(let file, let name): "\(file): '\(name)' is not among the groups"
        case .range(let file, let name, let found): "\(file): '\(name)': expected [begin, end], found \(found)"
        }
    }
}
