internal import WeightSpaces

/// A file that does not hold one implicit neural representation. Each message is one line that names the file.
public enum INRError: Error, Equatable, CustomStringConvertible {
    /// The file's metadata names another architecture, or none.
    case architecture(file: String, found: String?)
    /// A value that is missing from the file's metadata, or makes no sense.
    case metadata(file: String, key: String, found: String?)
    /// The network does not lead from the plane to colours.
    case notPictures(file: String, widths: [Int])
    /// The weights are not those of a SIREN from the plane to colours.
    case layers(file: String, expected: String, found: String)
    /// Nothing tells the size of the picture.
    case unknownSize(file: String)
    /// A weight or bias is missing, or is not what the architecture asks for.
    case parameter(file: String, parameter: String, expected: [Int], found: String?)
    /// A weight is NaN or infinite.
    case notFinite(file: String, parameter: String)

    public var description: String {
        switch self {
        case .architecture(let file, let found):
            "\(file.oneLine()): expected a network with metadata \"architecture\": \"siren\", found "
                + "\(found?.oneLine() ?? "none"); `nfn export` writes such files, and --siren describes others"
        case .metadata(let file, let key, let found):
            "\(file.oneLine()): expected a sound value of \"\(key)\" in the metadata, found \(found?.oneLine(limit: 100) ?? "none")"
        case .notPictures(let file, let widths):
            "\(file.oneLine()): expected a network from 2 coordinates to 1 or 3 colours, found widths \(widths)"
        case .layers(let file, let expected, let found):
            "\(file.oneLine()): expected \(expected), found \(found.oneLine(limit: 200))"
        case .unknownSize(let file):
            "\(file.oneLine()): nothing tells the size of the picture; give it as --size, such as 28x28"
        case .parameter(let file, let parameter, let expected, let found):
            "\(file.oneLine()): expected \(parameter) to be floating-point of shape \(expected), found \(found ?? "none")"
        case .notFinite(let file, let parameter):
            "\(file.oneLine()): expected finite weights, found NaN or infinity in \(parameter)"
        }
    }
}
