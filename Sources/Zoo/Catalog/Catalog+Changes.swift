internal import Foundation
internal import GRDB
internal import WeightSpaces

extension Catalog {
    /// Networks on their way into the catalog.
    struct NewStack {
        let architecture: NetworkArchitecture
        let prefix: String
        /// Of every network's weights.
        let checksums: [UInt32]
        let facts: ZooTable
    }

    /// Says how the networks to come are made; there are none yet.
    func replaceOrigins(by origins: [ZooOrigin]) throws {
        try write { database in
            try database.execute(sql: "DELETE FROM origin")
            for origin in origins {
                try database.execute(
                    sql: "INSERT INTO origin (kind, settings, pieces) VALUES (?, ?, ?)",
                    arguments: [origin.kind, origin.settings, origin.pieces])
            }
        }
    }

    /// Adds a shard and its networks.
    func insert(_ shard: Shard, number: Int, _ stacks: [NewStack]) throws {
        precondition(stacks.count <= Self.stacksPerShard, "expected at most \(Self.stacksPerShard) stacks in a shard")
        try write { database in
            try database.execute(
                sql: "INSERT INTO shard (id, origin, piece, file, bytes, checksum) VALUES (?, ?, ?, ?, ?, ?)",
                arguments: [number, shard.origin, shard.piece, shard.file, shard.bytes, shard.checksum])
            for (index, stack) in stacks.enumerated() {
                let identifier = number * Self.stacksPerShard + index
                try database.execute(
                    sql: "INSERT INTO stack (id, shard, architecture, prefix, rows) VALUES (?, ?, ?, ?, ?)",
                    arguments: [
                        identifier, number, try self.identifier(of: stack.architecture, in: database), stack.prefix,
                        stack.checksums.count,
                    ])
                try insert(stack, as: identifier, in: database)
            }
        }
    }

    private func insert(_ stack: NewStack, as identifier: Int, in database: Database) throws {
        try declare(stack.facts, in: database)
        let columns = ["stack", "row", "checksum"] + stack.facts.columns.map { "\"\($0)\"" }
        let places = columns.map { _ in "?" }.joined(separator: ", ")
        let statement = try database.makeStatement(
            sql: "INSERT INTO network (\(columns.joined(separator: ", "))) VALUES (\(places))")
        for (row, (checksum, facts)) in zip(stack.checksums, stack.facts.rows).enumerated() {
            let place = [identifier, row, Int(checksum)].map(\.databaseValue)
            try statement.execute(arguments: StatementArguments(place + facts.map(\.stored)))
        }
    }

    /// Forgets a shard and its networks.
    func removeShard(_ number: Int) throws {
        try write { database in
            for statement in [
                "DELETE FROM network WHERE stack IN (SELECT id FROM stack WHERE shard = ?)",
                "DELETE FROM stack WHERE shard = ?", "DELETE FROM shard WHERE id = ?",
            ] { try database.execute(sql: statement, arguments: [number]) }
        }
    }

    /// Sets the side of every network, in their order.
    func setSplits(_ splits: [String?]) throws {
        try write { database in
            let keys = try Row.fetchAll(database, sql: "SELECT stack, row FROM network ORDER BY stack, row")
            let statement = try database.makeStatement(sql: "UPDATE network SET split = ? WHERE stack = ? AND row = ?")
            for (key, split) in zip(keys, splits) {
                try statement.execute(arguments: [split, key[0] as DatabaseValue, key[1] as DatabaseValue])
            }
        }
    }

    /// The number of an architecture, which is added if it is new.
    private func identifier(of architecture: NetworkArchitecture, in database: Database) throws -> Int {
        let encoder = JSONEncoder()
        encoder.outputFormatting = .sortedKeys
        let space = String(decoding: try encoder.encode(architecture.space), as: UTF8.self)
        let values: StatementArguments = [architecture.name, architecture.kind, architecture.definition, space]
        let known = try Int.fetchOne(
            database, sql: "SELECT id FROM architecture WHERE name = ? AND kind = ? AND definition = ? AND space = ?",
            arguments: values)
        if let known { return known }
        try database.execute(
            sql: "INSERT INTO architecture (name, kind, definition, space) VALUES (?, ?, ?, ?)", arguments: values)
        return Int(database.lastInsertedRowID)
    }

    /// Adds the columns that are not there yet.
    private func declare(_ facts: ZooTable, in database: Database) throws {
        let known = Set(try database.columns(in: "network").map(\.name))
        for (index, column) in facts.columns.enumerated() where !known.contains(column) {
            guard column.wholeMatch(of: /[a-z][a-z0-9_]{0,62}/) != nil, !Self.reserved.contains(column) else {
                throw ZooError.columnName(column)
            }
            let type = facts.rows.lazy.compactMap { $0[index].columnType }.first ?? ""
            try database.execute(sql: "ALTER TABLE network ADD COLUMN \"\(column)\" \(type)")
        }
    }

    /// Names that a fact cannot have: those of the view's other columns.
    static let reserved = places.union(["network", "architecture", "origin", "split"])
}
