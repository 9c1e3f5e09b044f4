public import Foundation
internal import WeightSpaces

/// Puts the networks of several zoos into one.
///
/// Parts of one zoo that several processes made become that zoo; zoos that were made otherwise follow one another. A merge
/// that was killed is continued by the same call.
public struct ZooMerging {
    private struct Piece: Hashable {
        let origin: ZooOrigin
        let number: Int
    }

    private let zoos: [Zoo]
    private let origins: [ZooOrigin]

    /// - Throws: what opening a zoo throws; ``ZooError/conflict(folder:shard:)`` when two hold different networks as the same
    ///   piece.
    public init(_ folders: [URL]) throws {
        zoos = try folders.map(Zoo.init(contentsOf:))
        var checksums: [Piece: Int] = [:]
        for zoo in zoos {
            for shard in try zoo.catalog.contents().shards.values {
                let piece = Piece(origin: zoo.origins[shard.origin - 1], number: shard.piece)
                guard checksums[piece] ?? shard.checksum == shard.checksum else {
                    throw ZooError.conflict(folder: zoo.folder.relativePath, shard: shard.file)
                }
                checksums[piece] = shard.checksum
            }
        }
        var origins: [ZooOrigin] = []
        for origin in zoos.flatMap(\.origins) where !origins.contains(origin) { origins.append(origin) }
        self.origins = origins
    }

    /// Merges into a folder.
    ///
    /// - Parameter progress: is called with the shards that are done and their number, and may throw to stop.
    /// - Throws: `FileError`, ``ZooError``; what `progress` throws.
    public func run(in folder: URL, progress: (Int, Int) throws -> Void = { _, _ in }) throws {
        let writer = try ZooWriter(origins, in: folder)
        var missing: [Set<Int>] = []
        for origin in origins.indices { missing.append(Set(try writer.missingPieces(ofOrigin: origin))) }
        let total = try zoos.reduce(0) { $0 + (try $1.catalog.contents().shards.count) }
        var done = 0
        for zoo in zoos {
            let contents = try zoo.catalog.contents()
            for (number, shard) in contents.shards.sorted(by: { $0.key < $1.key }) {
                try progress(done, total)
                let origin = origins.firstIndex(of: contents.origins[shard.origin - 1]) ?? 0
                if missing[origin].remove(shard.piece) != nil {
                    if let problem = try ZooVerification.problem(with: shard, in: zoo.folder) {
                        throw ZooError.catalog(file: zoo.catalog.file, problem: problem.description)
                    }
                    try writer.adopt(shard, number: number, from: zoo, ofOrigin: origin)
                }
                done += 1
            }
        }
        try writer.finish()
        try progress(total, total)
    }
}
