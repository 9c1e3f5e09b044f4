import WeightSpaces

/// The families of architectures that are recognized by the names and shapes of their parameters.
enum Families {
    /// The graph of the network that a checkpoint holds the weights of.
    ///
    /// - Throws: ``FamilyError`` when it is of no family, or the names leave open how it computes.
    static func graph(of checkpoint: any Checkpoint) throws -> Graph {
        throw FamilyError.unrecognized(file: checkpoint.url.relativePath, reason: "no family fits")
    }
}

/// Why a checkpoint's weights do not say how the network computes.
public enum FamilyError: Error, Equatable, CustomStringConvertible {
    /// The parameters are those of no known family.
    case unrecognized(file: String, reason: String)

    public var description: String {
        switch self {
        case .unrecognized(let file, let reason):
            "\(file): the architecture was not recognized: \(reason); describe it with --spec"
        }
    }
}
