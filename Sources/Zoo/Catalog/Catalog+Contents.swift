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

    /// - Throws: ``ZooError`` also when a description makes no sense: SQLite lets any column hold anything.
    func contents() throws -> Contents {
        try read { database in
            var contents = Contents()
            contents.origins = try Row.fetchAll(database, sql: "SELECT * FROM origin ORDER BY id").map { row in
                ZooOrigin(
                    kind: try text("kind", in: row), settings: try text("settings", in: row),
                    pieces: try number("pieces", in: row))
            }
            for row in try Row.fetchAll(database, sql: "SELECT * FROM architecture") {
                let name = try text("name", in: row)
                contents.architectures[try number("id", in: row)] = NetworkArchitecture(
                    name: name, kind: try text("kind", in: row), definition: try text("definition", in: row),
                    space: try space(try text("space", in: row), of: name))
            }
            for row in try Row.fetchAll(database, sql: "SELECT * FROM shard") {
                let origin = try number("origin", in: row)
                guard (1...max(contents.origins.count, 1)).contains(origin) else { throw flaw("origin", origin) }
                contents.shards[try number("id", in: row)] = Shard(
                    origin: origin, piece: try number("piece", in: row), file: try fileName(try text("file", in: row)),
                    bytes: try number("bytes", in: row), checksum: try number("checksum", in: row))
            }
            contents.stacks = try Row.fetchAll(database, sql: "SELECT * FROM stack ORDER BY id").map { row in
                Stack(
                    id: try number("id", in: row), shard: try number("shard", in: row),
                    architecture: try number("architecture", in: row), prefix: try text("prefix", in: row),
                    rows: try number("rows", in: row))
            }
            return contents
        }
    }

    /// Stacks that do not have a network in each row.
    func misplacedNetworks() throws -> [String] {
        try read { database in
            try String.fetchAll(
                database,
                sql: """
                    SELECT 'stack ' || stack.id || ' has ' || COUNT(network.row) || ' networks in ' || stack.rows || ' rows'
                    FROM stack LEFT JOIN network ON network.stack = stack.id
                    GROUP BY stack.id
                    HAVING COUNT(CASE typeof(network.row) WHEN 'integer' THEN 1 END) <> stack.rows
                        OR MIN(network.row) < 0 OR MAX(network.row) >= stack.rows
                    """)
        }
    }

    private func number(_ column: String, in row: Row) throws -> Int {
        let value = (row[column] as DatabaseValue?).map(ZooValue.init) ?? .none
        guard case .integer(let number) = value, (0...1 << 48).contains(number) else { throw flaw(column, value) }
        return number
    }

    private func text(_ column: String, in row: Row) throws -> String {
        let value = (row[column] as DatabaseValue?).map(ZooValue.init) ?? .none
        guard case .text(let text) = value else { throw flaw(column, value) }
        return text
    }

    private func flaw(_ column: String, _ value: some CustomStringConvertible) -> ZooError {
        .catalog(file: file, problem: "found \(column) '\(value)'")
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
                    architecture: architecture, prefix: stack.prefix,
                    checksums: try rows.map { UInt32(truncatingIfNeeded: try self.number("checksum", in: $0)) },
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
