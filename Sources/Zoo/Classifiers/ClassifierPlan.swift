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
    /// Cohorts in each piece but the last, which may have fewer.
    public let pieceSize: Int

    /// The number of pieces.
    public var pieces: Int { (cohorts + pieceSize - 1) / pieceSize }

    /// The cohorts of a piece.
    func cohorts(inPiece piece: Int) -> Range<Int> { piece * pieceSize..<min(cohorts, (piece + 1) * pieceSize) }

    /// The runs of a piece; the last cohort may have more than are kept.
    func runs(inPiece piece: Int) -> Range<Int> {
        let cohorts = cohorts(inPiece: piece)
        return cohorts.lowerBound * distribution.cohort..<min(runs, cohorts.upperBound * distribution.cohort)
    }

    private var cohorts: Int { (runs + distribution.cohort - 1) / distribution.cohort }
}

extension ClassifierPlan {
    /// - Throws: `DecodingError` also when the runs cannot be divided into pieces.
    public init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        distribution = try container.decode(ClassifierDistribution.self, forKey: .distribution)
        runs = try container.decode(Int.self, forKey: .runs)
        images = try container.decode(Images.self, forKey: .images)
        testImages = try container.decode(Images.self, forKey: .testImages)
        pieceSize = try container.decode(Int.self, forKey: .pieceSize)
        for (key, value, counts) in [(CodingKeys.runs, runs, 0...100_000_000), (.pieceSize, pieceSize, 1...1_000_000)]
        where !counts.contains(value) {
            throw DecodingError.dataCorruptedError(
                forKey: key, in: container, debugDescription: "expected a number in \(counts), found \(value)")
        }
    }
}
