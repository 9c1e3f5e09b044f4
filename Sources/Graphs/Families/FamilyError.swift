import WeightSpaces

/// Why a checkpoint's weights do not say how the network computes.
public enum FamilyError: Error, Equatable, CustomStringConvertible {
    /// The parameters are those of no known family, or do not fit into theirs.
    case unrecognized(file: String, reason: String)
    /// Names and shapes leave something open that a model's configuration says.
    case missingConfiguration(file: String, family: String, missing: String)
    /// A configuration does not fit the weights beside it, or asks for what is not known here.
    case configuration(file: String, reason: String)

    public var description: String {
        switch self {
        case .unrecognized(let file, let reason):
            "\(file.oneLine()): the architecture was not recognized: \(reason); "
                + "export it as ONNX, or describe it with --spec"
        case .missingConfiguration(let file, let family, let missing):
            "\(file.oneLine()): it looks like \(family), but names and shapes do not say \(missing); "
                + "put the model's config.json beside it, or describe it with --spec"
        case .configuration(let file, let reason):
            "\(file.oneLine()): \(reason)"
        }
    }
}
