internal import WeightSpaces

/// Files that no zoo can be made of. Each message is one line that names the file and says what to do.
public enum ImportError: Error, Equatable, CustomStringConvertible {
    /// The content is not as its format demands.
    case malformed(file: String, expected: String, found: String)
    /// Two files that belong together contradict each other.
    case contradiction(file: String, other: String, expected: String, found: String)
    /// A folder without networks; how many files hold none, and how many cannot be read.
    case noNetworks(folder: String, expected: String, passedOver: Int = 0, unreadable: Int = 0)
    /// A zoo, whose networks need no import.
    case zoo(folder: String)
    /// Two files with the same name but for its ending.
    case sameName(folder: String, name: String)
    /// A description of SIRENs where there are none.
    case siren(folder: String)
    /// No row of the labels is about a network.
    case unlabelled(labels: String, network: String)
    /// Labels where the source has its own.
    case needlessLabels(file: String, folder: String)

    public var description: String {
        switch self {
        case .malformed(let file, let expected, let found):
            "\(file.oneLine()): expected \(expected), found \(found.oneLine(limit: 100))"
        case .contradiction(let file, let other, let expected, let found):
            "\(file.oneLine()): expected \(expected) as in \(other.oneLine()), found \(found)"
        case .noNetworks(let folder, let expected, 0, 0):
            "\(folder.oneLine()): expected \(expected), found none"
        case .noNetworks(let folder, let expected, let passedOver, let unreadable):
            "\(folder.oneLine()): expected \(expected), found \(passedOver) files without a network and \(unreadable) that "
                + "cannot be read"
        case .zoo(let folder):
            "\(folder.oneLine()): expected networks in other files, found a zoo; nfn zoo merge puts zoos together"
        case .sameName(let folder, let name):
            "\(folder.oneLine()): two files are called \(name.oneLine()) but for their endings; remove or rename one"
        case .siren(let folder):
            "\(folder.oneLine()): expected networks that draw pictures, found others; describe SIRENs with --siren, or leave "
                + "out --siren, --size and --images"
        case .unlabelled(let labels, let network):
            "\(labels.oneLine()): expected a row whose file is \(network.oneLine()), found none"
        case .needlessLabels(let file, let folder):
            "\(file.oneLine()): \(folder.oneLine()) has its own facts in metrics.csv; leave out --labels"
        }
    }
}
