internal import WeightSpaces

/// A folder that is no sound zoo, or not the one that was asked for. Each message is one line that names the file.
public enum ZooError: Error, Equatable, CustomStringConvertible {
    /// The manifest does not describe a zoo.
    case manifest(file: String, problem: String)
    /// The folder has another layout.
    case version(file: String, expected: Int, found: Int)
    /// The folder has other files, but no manifest.
    case occupied(folder: String, found: String)
    /// Another process is writing to the folder.
    case busy(folder: String)
    /// The zoo that is there was made otherwise.
    case differs(folder: String, field: String, expected: String, found: String)
    /// Shards are missing, the first of which is named.
    case incomplete(folder: String, expected: Int, found: Int, missing: String)
    /// A shard lacks a tensor, or has one of another shape or type.
    case tensor(file: String, name: String, expected: String, found: String?)
    /// A column of a shard disagrees with the manifest.
    case column(file: String, name: String, row: Int, expected: Int, found: Int)
    /// A network has a weight that is NaN or infinite.
    case notFinite(file: String, network: Int, parameter: String)
    /// The weights of an image's network grew beyond all bounds in every attempt.
    case diverged(image: Int, attempts: Int)
    /// The images and the architecture have different channels.
    case channels(images: String, expected: Int, found: Int)

    public var description: String {
        switch self {
        case .manifest(let file, let problem):
            "\(file.oneLine()): not the manifest of a zoo: \(problem.oneLine())"
        case .version(let file, let expected, let found):
            "\(file.oneLine()): expected version \(expected) of the zoo format, found \(found)"
        case .occupied(let folder, let found):
            "\(folder.oneLine()): expected an empty folder or a zoo, found \(found.oneLine()); choose another folder"
        case .busy(let folder):
            "\(folder.oneLine()): another process is writing to this zoo; wait for it to end"
        case .differs(let folder, let field, let expected, let found):
            "\(folder.oneLine()): holds another zoo: \(field) is \(expected.oneLine(limit: 100)) there, not \(found.oneLine(limit: 100)); choose another folder"
        case .incomplete(let folder, let expected, let found, let missing):
            "\(folder.oneLine()): expected \(expected) shards, found \(found), without \(missing); "
                + "run the `nfn fit` command that began it again"
        case .tensor(let file, let name, let expected, let found):
            "\(file.oneLine()): expected \(name) to be \(expected), found \(found ?? "none")"
        case .column(let file, let name, let row, let expected, let found):
            "\(file.oneLine()): expected \(name) \(expected) in row \(row) as the manifest has it, found \(found)"
        case .notFinite(let file, let network, let parameter):
            "\(file.oneLine()): expected finite weights, found NaN or infinity in \(parameter) of network \(network)"
        case .diverged(let image, let attempts):
            "image \(image): the fit diverged in \(attempts) of \(attempts) attempts; lower the learning rate"
        case .channels(let images, let expected, let found):
            "\(images.oneLine()): expected images of \(expected) channels for these layer widths, found \(found)"
        }
    }
}
