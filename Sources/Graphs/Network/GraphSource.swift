/// Where it comes from how a network computes.
public enum GraphSource: Hashable, Sendable {
    /// The file holds a graph.
    case file
    /// Names and shapes are those of a family of architectures, named with an article, and its configuration fits.
    case family(String)
    /// What is not in the file was stated.
    case statement
    /// What is not in the file is assumed.
    case assumption

    /// One word.
    public var kind: String {
        switch self {
        case .file: "file"
        case .family: "family"
        case .statement: "statement"
        case .assumption: "assumption"
        }
    }
}
