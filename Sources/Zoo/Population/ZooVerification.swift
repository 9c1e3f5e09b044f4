public import Foundation
internal import GRDB
internal import WeightSpaces

/// Looks for damage in a zoo, down to every byte.
public enum ZooVerification {
    /// What is wrong with a zoo; an empty list when nothing is.
    ///
    /// - Throws: `FileError` when the folder cannot be read at all.
    public static func problems(in folder: URL) throws -> [ZooProblem] {
        let names = try Folder.contents(of: folder)
        var problems: [ZooProblem] = []
        do {
            switch try CatalogSeal.state(in: folder) {
            case .sealed: break
            case .open: problems.append(.unfinished)
            case .broken(let expected, let found):
                // Nothing that the catalog says can be trusted.
                return [.catalog("expected checksum \(expected.oneLine()), found \(found.oneLine())")]
            }
            let catalog = try Catalog(of: folder)
            problems += try self.problems(in: catalog).map(ZooProblem.catalog)
            let shards = try catalog.contents().shards.values.sorted { $0.file < $1.file }
            for shard in shards {
                if let problem = try problem(with: shard, in: folder) { problems.append(problem) }
            }
            let known = Set(shards.map(\.file) + [Catalog.fileName, CatalogSeal.fileName])
            problems += names.filter { !known.contains($0) && !$0.hasPrefix(Catalog.fileName) }.map(ZooProblem.orphan)
            if problems.allSatisfy({ $0 == .unfinished }) {
                let zoo = try Zoo(contentsOf: folder)
                try zoo.requireFinite()
                let catalogued = try zoo.select(["checksum"]).rows
                for (network, checksum) in zoo.checksums.enumerated()
                where catalogued[network] != [.integer(Int(checksum))] {
                    problems.append(.catalog("the weights of network \(network) are not those that it knows"))
                    break
                }
            }
        } catch let error as ZooError {
            problems.append(.catalog("\(error)"))
        } catch let error as FormatError {
            problems.append(.catalog("\(error)"))
        }
        return problems
    }

    /// What is wrong with a file of weights.
    static func problem(with shard: Catalog.Shard, in folder: URL) throws -> ZooProblem? {
        let url = folder.appending(path: shard.file)
        guard FileManager.default.fileExists(atPath: url.path) else { return .missing(shard.file) }
        do {
            let (bytes, checksum) = try MappedFile(url).withUnsafeBytes { ($0.count, Int(CRC32(of: $0).value)) }
            if bytes != shard.bytes { return .size(shard.file, expected: shard.bytes, found: bytes) }
            return checksum == shard.checksum ? nil : .checksum(shard.file)
        } catch is FormatError {
            return .size(shard.file, expected: shard.bytes, found: 0)
        }
    }

    /// Where the catalog contradicts itself.
    private static func problems(in catalog: Catalog) throws -> [String] {
        try catalog.read { database in
            try String.fetchAll(database, sql: "PRAGMA integrity_check").filter { $0 != "ok" }
        } + catalog.misplacedNetworks()
    }
}
