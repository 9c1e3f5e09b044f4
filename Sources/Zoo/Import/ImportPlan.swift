public import Graphs

/// What networks are imported from, and in which pieces.
public struct ImportPlan: ZooSettings {
    public static let kind = "import"

    /// In which form networks are kept outside of zoos.
    public enum Form: String, Codable, Sendable {
        /// The published layout of the Small CNN Zoo.
        case smallCNNZoo
        /// A file for each network.
        case checkpoints
    }

    /// The folder that is read.
    public let source: String
    public let form: Form
    /// The networks in the source.
    public let count: Int
    /// Changes with the files of the source.
    public let fingerprint: String
    /// Networks in each piece but the last, which may have fewer.
    public let pieceSize: Int
    /// What the files of SIRENs were said to be.
    public var siren: SIRENDescription?
    /// The pictures that SIRENs were fitted to.
    public var images: INRPlan.Images?
    /// What was stated of networks whose files do not say how they compute.
    public var stated: StatedFacts?

    /// The number of pieces.
    public var pieces: Int { (count + pieceSize - 1) / pieceSize }

    /// The networks of a piece, by their places in the source.
    public func networks(inPiece piece: Int) -> Range<Int> {
        piece * pieceSize..<min(count, (piece + 1) * pieceSize)
    }
}

/// Where networks are imported from.
protocol ImportSource {
    var form: ImportPlan.Form { get }
    /// The number of networks.
    var count: Int { get }
    /// Changes with the files of the source.
    var fingerprint: String { get }
    /// How many bytes the largest network has.
    var largestNetwork: Int { get }
    /// The paths of files that hold no network.
    var passedOver: [String] { get }
    /// What is wrong with files that were passed over because they cannot be read.
    var unreadable: [String] { get }

    /// Some of the networks, without those that have a weight that is NaN or infinite.
    ///
    /// - Parameter checkpoint: is called with the number of networks that are done, and may throw to stop.
    func piece(_ networks: Range<Int>, checkpoint: (Int) throws -> Void) throws -> ZooPiece
}
