public import Foundation
internal import Graphs
internal import WeightSpaces

/// Copies networks from elsewhere into a zoo, piece by piece; taken up again by the same call (``ZooWriter``).
///
/// A source is a folder, either of the Small CNN Zoo's published layout or of checkpoints, one for each network
/// (``CheckpointFolder``). Weights become float32. A network with a weight that is NaN or infinite is left out.
public final class ZooImporting {
    /// What is imported.
    public let plan: ImportPlan
    /// The paths of files that hold no network.
    public let passedOver: [String]
    /// What is wrong with files that were passed over because they cannot be read.
    public let unreadable: [String]

    private let source: any ImportSource
    private let writer: ZooWriter

    /// Begins a zoo, or takes up one that was begun from the same files.
    ///
    /// - Parameters:
    ///   - source: the folder to read.
    ///   - labels: facts about checkpoints, a CSV file with a column `file`; `networks.csv` in the folder by default.
    ///   - folder: is made if it does not exist.
    ///   - looking: is called with the number of files that were looked at and how many there are, and may throw to stop.
    /// - Throws: `FileError`, `FormatError`, `FamilyError`; ``ImportError``, ``INRError``; ``ZooError`` when the folder has
    ///   something else in it.
    public init(
        from source: URL, labels: URL? = nil, _ options: ImportOptions = ImportOptions(), in folder: URL,
        looking: (Int, Int) throws -> Void = { _, _ in }
    ) throws {
        let names = try Folder.contents(of: source)
        var (siren, images): (SIRENDescription?, INRPlan.Images?)
        if names.contains(Catalog.fileName) { throw ImportError.zoo(folder: source.relativePath) }
        if names.contains(SmallCNNZoo.weightsName) {
            if let labels {
                throw ImportError.needlessLabels(file: labels.relativePath, folder: source.relativePath)
            }
            if options.siren != nil || options.images != nil || options.size != nil {
                throw ImportError.siren(folder: source.relativePath)
            }
            self.source = try SmallCNNZoo(contentsOf: source)
        } else {
            let found = try CheckpointFolder(contentsOf: source, labels: labels, options, checkpoint: looking)
            (siren, images) = (found.siren.description, found.siren.images)
            self.source = found
        }
        (passedOver, unreadable) = (self.source.passedOver, self.source.unreadable)
        plan = ImportPlan(
            source: source.lastPathComponent, form: self.source.form, count: self.source.count,
            fingerprint: self.source.fingerprint,
            pieceSize: max(1, min(Self.networksPerPiece, Self.bytesPerPiece / max(1, self.source.largestNetwork))),
            siren: siren, images: images,
            stated: options.stated == StatedFacts() || self.source.form == .smallCNNZoo ? nil : options.stated)
        writer = try ZooWriter([ZooOrigin(plan, pieces: plan.pieces)], ignoring: ["source", "images.name"], in: folder)
    }

    private static let networksPerPiece = 512
    /// What a piece of large networks may take in memory.
    private static let bytesPerPiece = 1 << 30

    /// Imports what is missing.
    ///
    /// - Parameters:
    ///   - checkpoint: is called again and again; what it throws ends the work.
    ///   - progress: is called with the number of networks that are done. The first call counts those that were there
    ///     already.
    /// - Throws: `FileError`, `FormatError`, `FamilyError`, ``ImportError``; what `checkpoint` throws.
    public func run(checkpoint: () throws -> Void = {}, progress: (Int) -> Void = { _ in }) throws {
        let missing = try writer.missingPieces()
        var done = plan.count - missing.reduce(0) { $0 + plan.networks(inPiece: $1).count }
        progress(done)
        for piece in missing {
            let networks = plan.networks(inPiece: piece)
            let imported = try source.piece(networks) { count in
                try checkpoint()
                progress(done + count)
            }
            try writer.add(imported, number: piece)
            done += networks.count
            progress(done)
        }
        try writer.finish()
    }
}
