public import Foundation
internal import Synchronization
internal import Torch
internal import WeightSpaces

/// Fits networks to images and writes them as a zoo, piece by piece; taken up again by the same call (``ZooWriter``).
public final class INRZooFitting {
    /// What is made.
    public let plan: INRPlan

    private let images: ImageSet
    private let writer: ZooWriter

    /// Begins a zoo, or takes up one that was begun with the same images and recipe.
    ///
    /// - Parameters:
    ///   - images: the images to fit.
    ///   - first: the position of the first of them in their source.
    ///   - fits: networks per image.
    ///   - folder: is made if it does not exist.
    /// - Throws: `FileError`; ``ZooError`` when the folder has something else in it.
    public init(
        _ images: ImageSet, first: Int = 0, fits: Int = 1, recipe: FittingRecipe, in folder: URL, pieceSize: Int = 512
    ) throws {
        guard recipe.siren.widths.last == images.channels else {
            throw ZooError.channels(
                images: images.name, expected: recipe.siren.widths.last ?? 0, found: images.channels)
        }
        plan = INRPlan(images: .init(images, first: first), fits: fits, recipe: recipe, pieceSize: pieceSize)
        self.images = images
        writer = try ZooWriter([ZooOrigin(plan, pieces: plan.pieces)], ignoring: ["images.name"], in: folder)
    }

    /// How many networks a share has.
    public func networks(in share: WorkShare) -> Int {
        share.of(plan.pieces).reduce(0) { $0 + plan.networks(inPiece: $1).count }
    }

    /// Fits what is missing.
    ///
    /// - Parameters:
    ///   - share: the pieces that this process makes, where several share the work.
    ///   - checkpoint: is called again and again while a batch is fitted, on any thread; what it throws ends the work.
    ///   - progress: is called with the number of finished networks, on any thread, one call at a time. The first call
    ///     counts those that were there already.
    /// - Throws: `FileError`; ``ZooError/diverged(image:attempts:)``; what `checkpoint` throws.
    public func run(
        share: WorkShare = .all, checkpoint: @escaping @Sendable () throws -> Void = {},
        progress: @escaping @Sendable (Int) -> Void = { _ in }
    ) throws {
        let missing = try writer.missingPieces().filter(share.contains)
        let waiting = missing.reduce(0) { $0 + plan.networks(inPiece: $1).count }
        let finished = Mutex(networks(in: share) - waiting)
        finished.withLock { progress($0) }
        for piece in missing {
            let fitting = INRPieceFitting(plan: plan, images: images, checkpoint: checkpoint) { networks in
                finished.withLock {
                    $0 += networks
                    progress($0)
                }
            }
            try writer.add(fitting.run(piece), number: piece)
        }
        try writer.finish()
    }
}
