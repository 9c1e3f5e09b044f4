internal import Foundation
internal import GRDB
internal import WeightSpaces

extension Catalog {
    /// What a catalog says about everything but single networks; keys are rows of its tables.
    struct Contents {
        var origins: [ZooOrigin] = []
        var architectures: [Int: NetworkArchitecture] = [:]
        var shards: [Int: Shard] = [:]
        /// In order.
        var stacks: [Stack] = []
    }

    /// A file of weights.
    struct Shard {
        /// Counted from one.
        let origin: Int
        let piece: Int
        let file: String
        let bytes: Int
        let checksum: Int
    }

    /// A stack in a file of weights.
    struct Stack {
        let id: Int
        let shard: Int
        let architecture: Int
        let prefix: String
        let rows: Int
    }

    /// - Throws: ``ZooError`` also when a description makes no sense.
    func contents() throws -> Contents {
        try read { database in
            var contents = Contents()
            contents.origins = try Row.fetchAll(database, sql: "SELECT kind, settings, pieces FROM origin ORDER BY id")
                .map {
                    ZooOrigin(kind: $0["kind"], settings: $0["settings"], pieces: $0["pieces"])
                }
            for row in try Row.fetchAll(database, sql: "SELECT * FROM architecture") {
                contents.architectures[row["id"]] = NetworkArchitecture(
                    name: row["name"], kind: row["kind"], definition: row["definition"],
                    space: try space(row["space"], of: row["name"]))
            }
            for row in try Row.fetchAll(database, sql: "SELECT * FROM shard") {
                contents.shards[row["id"]] = Shard(
                    origin: row["origin"], piece: row["piece"], file: try fileName(row["file"]), bytes: row["bytes"],
                    checksum: row["checksum"])
            }
            contents.stacks = try Row.fetchAll(database, sql: "SELECT * FROM stack ORDER BY id").map {
                Stack(
                    id: $0["id"], shard: $0["shard"], architecture: $0["architecture"], prefix: $0["prefix"],
                    rows: $0["rows"])
            }
            return contents
        }
    }

    /// What there is to know about the networks of a shard.
    func stacks(ofShard number: Int) throws -> [NewStack] {
        let contents = try contents()
        return try contents.stacks.filter { $0.shard == number }.map { stack in
            guard let architecture = contents.architectures[stack.architecture] else {
                throw ZooError.catalog(file: file, problem: "a stack without architecture")
            }
            return try read { database in
                let names = try database.columns(in: "network").map(\.name)
                    .filter { !["stack", "row", "checksum"].contains($0) }
                let columns = names.map { "\"\($0)\"" }.joined(separator: ", ")
                let rows = try Row.fetchAll(
                    database, sql: "SELECT checksum, \(columns) FROM network WHERE stack = ? ORDER BY row",
                    arguments: [stack.id])
                return NewStack(
                    architecture: architecture, prefix: stack.prefix, checksums: rows.map { UInt32($0[0] as Int) },
                    facts: ZooTable(columns: names, rows: rows.map { $0.databaseValues.dropFirst().map(ZooValue.init) })
                )
            }
        }
    }

    private func space(_ json: String, of architecture: String) throws -> WeightSpace {
        do {
            return try JSONDecoder().decode(WeightSpace.self, from: Data(json.utf8))
        } catch let error as DecodingError {
            throw ZooError.catalog(file: file, problem: "architecture \(architecture): \(error.oneLine)")
        } catch let error as WeightSpaceError {
            throw ZooError.catalog(file: file, problem: "architecture \(architecture): \(error)")
        }
    }

    /// A catalog from elsewhere must not lead outside its folder.
    private func fileName(_ name: String) throws -> String {
        guard !name.contains("/"), name.hasSuffix(".safetensors"), !name.hasPrefix(".") else {
            throw ZooError.catalog(file: file, problem: "expected the name of a shard, found \(name)")
        }
        return name
    }
}
