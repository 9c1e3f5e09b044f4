internal import WeightSpaces

/// Something that is wrong with a zoo. Each description is one line.
public enum ZooProblem: Hashable, Sendable, CustomStringConvertible {
    /// The catalog has no seal: what made the zoo was interrupted.
    case unfinished
    /// The catalog is damaged.
    case catalog(String)
    /// A file of weights is not there.
    case missing(String)
    /// A file of weights was cut or grew.
    case size(String, expected: Int, found: Int)
    /// A byte of a file of weights has changed.
    case checksum(String)
    /// The catalog knows nothing of a file.
    case orphan(String)

    public var description: String {
        switch self {
        case .unfinished: "the zoo is unfinished: give the command that made it again"
        case .catalog(let problem): "the catalog is damaged: \(problem.oneLine())"
        case .missing(let file): "\(file.oneLine()): missing"
        case .size(let file, let expected, let found):
            "\(file.oneLine()): expected \(expected) bytes, found \(found)"
        case .checksum(let file): "\(file.oneLine()): the checksum is wrong: some byte has changed"
        case .orphan(let file): "\(file.oneLine()): not in the catalog"
        }
    }
}
