internal import WeightSpaces

/// A folder that is no sound zoo, or not the one that was asked for. Each message is one line that names the file.
public enum ZooError: Error, Equatable, CustomStringConvertible {
    /// The catalog cannot be read, or makes no sense.
    case catalog(file: String, problem: String)
    /// The catalog is not what was finished.
    case checksum(file: String, expected: String, found: String)
    /// The catalog has another layout.
    case version(file: String, expected: Int, found: Int)
    /// The folder has other files, but no catalog.
    case occupied(folder: String, found: String)
    /// Another process is writing to the folder.
    case busy(folder: String)
    /// The zoo that is there was made otherwise.
    case differs(folder: String, field: String, expected: String, found: String)
    /// Two zoos that are to be merged hold different networks in the same place.
    case conflict(folder: String, shard: String)
    /// A shard lacks a tensor, or has one of another shape or type.
    case tensor(file: String, name: String, expected: String, found: String?)
    /// A network has a weight that is NaN or infinite.
    case notFinite(file: String, network: Int, parameter: String)
    /// A fact cannot be called so.
    case columnName(String)
    /// A condition or an order that SQLite does not understand.
    case query(String, problem: String)
    /// The networks have no such fact.
    case noColumn(folder: String, column: String, known: [String])
    /// The networks are not what the command works on.
    case otherNetworks(folder: String, expected: String, found: String)
    /// The weights of an image's network grew beyond all bounds in every attempt.
    case diverged(image: Int, attempts: Int)
    /// The images and the architecture have different channels.
    case channels(images: String, expected: Int, found: Int)

    public var description: String {
        switch self {
        case .catalog(let file, let problem):
            "\(file.oneLine()): not the sound catalog of a zoo: \(problem.oneLine())"
        case .checksum(let file, let expected, let found):
            "\(file.oneLine()): damaged: expected checksum and size \(expected.oneLine()), found \(found.oneLine())"
        case .version(let file, let expected, let found):
            "\(file.oneLine()): expected version \(expected) of the zoo format, found \(found)"
        case .occupied(let folder, let found):
            "\(folder.oneLine()): expected an empty folder or a zoo, found \(found.oneLine()); choose another folder"
        case .busy(let folder):
            "\(folder.oneLine()): another process is writing to this zoo; wait for it to end"
        case .differs(let folder, let field, let expected, let found):
            "\(folder.oneLine()): holds another zoo: \(field) is \(expected.oneLine(limit: 100)) there, not \(found.oneLine(limit: 100)); choose another folder"
        case .conflict(let folder, let shard):
            "\(folder.oneLine()): \(shard.oneLine()) holds other networks than the same piece of another zoo"
        case .tensor(let file, let name, let expected, let found):
            "\(file.oneLine()): expected \(name) to be \(expected), found \(found ?? "none")"
        case .notFinite(let file, let network, let parameter):
            "\(file.oneLine()): expected finite weights, found NaN or infinity in \(parameter) of network \(network)"
        case .columnName(let name):
            "expected a fact's name of small letters, digits and underscores that is not taken, found \(name.oneLine())"
        case .query(let condition, let problem): "\(condition.oneLine()): \(problem.oneLine())"
        case .noColumn(let folder, let column, let known):
            "\(folder.oneLine()): no network has a fact called \(column.oneLine()); known are \(known.joined(separator: ", "))"
        case .otherNetworks(let folder, let expected, let found):
            "\(folder.oneLine()): expected \(expected), found \(found.oneLine())"
        case .diverged(let image, let attempts):
            "image \(image): the fit diverged in \(attempts) of \(attempts) attempts; lower the learning rate"
        case .channels(let images, let expected, let found):
            "\(images.oneLine()): expected images of \(expected) channels for these layer widths, found \(found)"
        }
    }
}
