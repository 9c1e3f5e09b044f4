/// How a population of classifiers is trained.
public struct ClassifierPlan: ZooSettings {
    /// Images that the classifiers are trained or tested on.
    public struct Images: Hashable, Codable, Sendable {
        /// What they were read from.
        public let name: String
        public let count: Int
        /// Changes with any pixel or label.
        public let fingerprint: String

        init(_ images: ImageSet) {
            name = images.name
            count = images.count
            fingerprint = images.fingerprint
        }
    }

    public static let kind = "classifiers"

    /// Where each run's hyper-parameters are drawn from.
    public let distribution: ClassifierDistribution
    /// The number of runs.
    public let runs: Int
    public let images: Images
    public let testImages: Images
    /// Runs in each piece but the last, which may have fewer.
    public let pieceSize: Int

    /// The number of pieces.
    public var pieces: Int { (runs + pieceSize - 1) / pieceSize }

    /// The runs of a piece.
    public func runs(inPiece piece: Int) -> Range<Int> { piece * pieceSize..<min(runs, (piece + 1) * pieceSize) }
}
