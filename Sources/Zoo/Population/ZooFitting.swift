public import Foundation
internal import Synchronization
internal import Torch
internal import WeightSpaces

/// Fits networks to images and writes them as a zoo, shard by shard.
///
/// A shard appears when it is complete. What a killed process was doing is lost, what it had finished is not: the same
/// call continues, and ends with the same bytes as if nothing had happened.
public final class ZooFitting: Sendable {
    /// What is made.
    public let manifest: ZooManifest

    private let images: ImageSet
    private let folder: URL
    private let lock: FolderLock

    /// Begins a zoo, or takes up one that was begun with the same images and recipe.
    ///
    /// - Parameters:
    ///   - images: the images to fit.
    ///   - first: the position of the first of them in their source.
    ///   - fits: networks per image.
    ///   - folder: is made if it does not exist.
    /// - Throws: `FileError`; ``ZooError`` when the folder has something else in it.
    public init(
        _ images: ImageSet, first: Int = 0, fits: Int = 1, recipe: FittingRecipe, in folder: URL, shardRows: Int = 512
    ) throws {
        guard recipe.siren.widths.last == images.channels else {
            throw ZooError.channels(
                images: images.name, expected: recipe.siren.widths.last ?? 0, found: images.channels)
        }
        manifest = ZooManifest(
            images: .init(images, first: first), fits: fits, recipe: recipe, shardRows: shardRows)
        self.images = images
        self.folder = folder
        try Folder.create(folder)
        lock = try FolderLock(folder)
        try AtomicFile.removeLeftovers(in: folder)
        let contents = try Folder.contents(of: folder)
        if contents.contains(ZooManifest.fileName) {
            if let difference = try ZooManifest(of: folder).difference(from: manifest) {
                throw ZooError.differs(
                    folder: folder.relativePath, field: difference.path, expected: difference.first,
                    found: difference.second)
            }
        } else if let found = contents.first {
            throw ZooError.occupied(folder: folder.relativePath, found: found)
        } else {
            try manifest.write(to: folder)
        }
    }

    /// Fits what is missing.
    ///
    /// - Parameters:
    ///   - checkpoint: is called again and again while a batch is fitted, on any thread; what it throws ends the work.
    ///   - progress: is called with the number of finished networks, on any thread, one call at a time. The first call
    ///     counts those that were there already.
    /// - Throws: `FileError`; ``ZooError/diverged(image:attempts:)``; what `checkpoint` throws.
    public func run(
        checkpoint: @escaping @Sendable () throws -> Void = {}, progress: @escaping @Sendable (Int) -> Void = { _ in }
    ) throws {
        let missing = try (0..<manifest.shardCount).filter { try !isComplete($0) }
        let finished = Mutex(manifest.count - missing.reduce(0) { $0 + manifest.networks(inShard: $1).count })
        finished.withLock { progress($0) }
        for shard in missing {
            let fitting = ShardFitting(manifest: manifest, images: images, checkpoint: checkpoint) { networks in
                finished.withLock {
                    $0 += networks
                    progress($0)
                }
            }
            try fitting.run(shard, in: folder)
        }
    }

    /// Whether a shard is there and sound; one that is damaged is made again.
    private func isComplete(_ shard: Int) throws -> Bool {
        let url = folder.appending(path: ZooManifest.fileName(ofShard: shard))
        guard FileManager.default.fileExists(atPath: url.path) else { return false }
        do {
            _ = try ZooShard(shard, of: manifest, in: folder)
            return true
        } catch is FormatError {
            return false
        } catch is ZooError {
            return false
        }
    }
}
