public import Foundation
internal import WeightSpaces

/// Writes a zoo, piece by piece.
///
/// A piece's shard appears when it is complete, and its networks are in the catalog with the transaction after that. What a
/// killed process was doing is lost, what it had finished is not; a zoo that was taken up and finished has the same bytes as
/// one that was never interrupted.
public final class ZooWriter {
    private let folder: URL
    private let origins: [ZooOrigin]
    private let catalog: Catalog
    private let lock: FolderLock
    /// Whether the catalog has been finished and not been changed since.
    private var isSealed: Bool

    /// Begins a zoo, or takes up one that was begun with the same origins.
    ///
    /// - Parameters:
    ///   - folder: is made if it does not exist.
    ///   - ignored: settings that may differ.
    /// - Throws: `FileError`; ``ZooError`` when the folder has something else in it, or a damaged catalog.
    public init(_ origins: [ZooOrigin], ignoring ignored: Set<String> = [], in folder: URL) throws {
        self.folder = folder
        self.origins = origins
        try Folder.create(folder)
        lock = try FolderLock(folder)
        try AtomicFile.removeLeftovers(in: folder)
        let contents = try Folder.contents(of: folder)
        let isNew = !contents.contains(Catalog.fileName)
        if isNew, let found = contents.first { throw ZooError.occupied(folder: folder.relativePath, found: found) }
        switch isNew ? .open : try CatalogSeal.state(in: folder) {
        case .sealed: isSealed = true
        case .open: isSealed = false
        case .broken(let expected, let found):
            throw ZooError.checksum(
                file: folder.appending(path: Catalog.fileName).relativePath, expected: expected, found: found)
        }
        catalog = try Catalog(writingTo: folder)
        let known = try catalog.contents()
        if known.shards.isEmpty {
            // Nothing was made yet, whatever was begun.
            if known.origins != origins { try change { try $0.replaceOrigins(by: origins) } }
        } else {
            try requireSame(known.origins, ignored)
        }
        // Shards of pieces that were not catalogued before their writer was killed.
        let names = Set(known.shards.values.map(\.file))
        for name in contents where name.hasSuffix(".safetensors") && !names.contains(name) {
            try Folder.remove(folder.appending(path: name))
        }
    }

    /// Takes up a zoo, however it was made.
    ///
    /// - Throws: what opening a zoo throws; ``ZooError/busy(folder:)``.
    public convenience init(reopening zoo: Zoo) throws { try self.init(zoo.origins, in: zoo.folder) }

    /// Stores which networks are for what.
    public func set(_ split: Split) throws {
        let count = try Zoo(contentsOf: folder).count
        try change { try $0.setSplits(split.sides(count: count).map { $0?.rawValue }) }
    }

    private func requireSame(_ known: [ZooOrigin], _ ignored: Set<String>) throws {
        func refuse(_ difference: JSONTree.Difference) -> ZooError {
            .differs(
                folder: folder.relativePath, field: difference.path, expected: difference.first,
                found: difference.second)
        }
        for (there, here) in zip(known, origins) {
            if let difference = try there.difference(from: here, ignoring: ignored) { throw refuse(difference) }
        }
        if known.count != origins.count {
            throw refuse(.init(path: "the number of origins", first: "\(known.count)", second: "\(origins.count)"))
        }
    }

    /// The pieces of an origin that are not there, or damaged; the latter are forgotten.
    public func missingPieces(ofOrigin origin: Int = 0) throws -> [Int] {
        var sound = Set<Int>()
        for (identifier, shard) in try catalog.contents().shards where shard.origin == origin + 1 {
            if try ZooVerification.problem(with: shard, in: folder) == nil {
                sound.insert(shard.piece)
            } else {
                try change { try $0.removeShard(identifier) }
            }
        }
        return (0..<origins[origin].pieces).filter { !sound.contains($0) }
    }

    /// Writes a piece's shard, then its networks into the catalog.
    ///
    /// - Throws: `FileError`; ``ZooError``.
    public func add(_ piece: ZooPiece, number: Int, ofOrigin origin: Int = 0) throws {
        let shardNumber = origins[..<origin].reduce(number) { $0 + $1.pieces }
        let url = folder.appending(path: Self.fileName(ofShard: shardNumber))
        var tensors: [StoredTensor] = []
        for (index, stack) in piece.stacks.enumerated() {
            let prefix = Self.prefix(ofStack: index, of: piece)
            tensors += zip(stack.architecture.parameters, stack.parameters).map {
                StoredTensor(name: prefix + $0.name, $1)
            }
            tensors += stack.companions.map {
                StoredTensor(name: prefix + $0.name, dtype: $0.dtype, shape: $0.shape, emit: $0.emit)
            }
        }
        try SafetensorsFile.write(tensors, to: url)
        let file = try SafetensorsFile(url)
        let stacks = try piece.stacks.enumerated().map { index, stack in
            let prefix = Self.prefix(ofStack: index, of: piece)
            let stored = try ZooStack(stack.architecture, rows: stack.facts.rows.count, in: file, prefix: prefix)
            return Catalog.NewStack(
                architecture: stack.architecture, prefix: prefix, checksums: stored.checksums(), facts: stack.facts)
        }
        let shard = try MappedFile(url).withUnsafeBytes { bytes in
            Catalog.Shard(
                origin: origin + 1, piece: number, file: url.lastPathComponent, bytes: bytes.count,
                checksum: Int(CRC32(of: bytes).value))
        }
        try change { try $0.insert(shard, number: shardNumber, stacks) }
    }

    /// Copies a shard of another zoo, then what that zoo knows of its networks.
    func adopt(_ shard: Catalog.Shard, number: Int, from zoo: Zoo, ofOrigin origin: Int) throws {
        let shardNumber = origins[..<origin].reduce(shard.piece) { $0 + $1.pieces }
        let name = Self.fileName(ofShard: shardNumber)
        try MappedFile(zoo.folder.appending(path: shard.file)).withUnsafeBytes { bytes in
            try AtomicFile.write(to: folder.appending(path: name)) { try $0.write(bytes) }
        }
        let copy = Catalog.Shard(
            origin: origin + 1, piece: shard.piece, file: name, bytes: shard.bytes, checksum: shard.checksum)
        let stacks = try zoo.catalog.stacks(ofShard: number)
        try change { try $0.insert(copy, number: shardNumber, stacks) }
    }

    /// Packs the catalog and seals it.
    ///
    /// Nothing happens where nothing was added. What was made by some of several processes is finished too; its catalog says
    /// how many pieces are missing.
    public func finish() throws {
        if isSealed { return }
        let packed = try catalog.packed(using: folder.appending(path: ".packing.partial"))
        try catalog.close()
        try CatalogSeal.write(packed, in: folder)
        isSealed = true
    }

    private func change(_ body: (Catalog) throws -> Void) throws {
        if isSealed { try CatalogSeal.remove(in: folder) }
        isSealed = false
        try body(catalog)
    }

    /// Several stacks have names of their own for their tensors.
    private static func prefix(ofStack index: Int, of piece: ZooPiece) -> String {
        piece.stacks.count == 1 ? "" : "\(index)/"
    }

    /// The file name of a shard.
    static func fileName(ofShard shard: Int) -> String {
        let digits = String(shard)
        return "shard-\(String(repeating: "0", count: max(0, 5 - digits.count)))\(digits).safetensors"
    }
}
