internal import GRDB

extension Zoo {
    /// The names of all facts, as conditions may use them.
    public var facts: [String] {
        get throws {
            try catalog.read { try $0.columns(in: "networks").map(\.name) }.filter { !Catalog.places.contains($0) }
        }
    }

    /// Facts about the networks that meet a condition.
    ///
    /// - Parameters:
    ///   - columns: names or expressions in SQL, all facts where there are none.
    ///   - condition: an SQL expression over facts, such as `activation = 'relu' AND test_accuracy > 0.3`; a network's own
    ///     number is called `network`.
    ///   - order: SQL expressions to sort by; otherwise networks come by number.
    /// - Throws: ``ZooError/query(_:problem:)`` when SQLite does not understand them.
    public func select(
        _ columns: [String] = [], where condition: String? = nil, order: String? = nil, limit: Int? = nil
    ) throws -> ZooTable {
        let chosen = columns.isEmpty ? try facts.map { "\"\($0)\"" } : columns
        var sql = "SELECT \(chosen.joined(separator: ", ")) FROM networks"
        if let condition { sql += " WHERE (\(condition)\n)" }
        sql += " ORDER BY \(order ?? "stack, row")"
        if let limit { sql += " LIMIT \(limit)" }
        return try catalog.read { database in
            do {
                let statement = try database.makeStatement(sql: sql)
                var table = ZooTable(columns: statement.columnNames)
                let rows = try Row.fetchCursor(statement)
                while let row = try rows.next() { table.append(row.databaseValues.map(ZooValue.init)) }
                return table
            } catch let error as DatabaseError where error.resultCode != .SQLITE_CORRUPT {
                let asked = columns.isEmpty ? nil : columns.joined(separator: ", ")
                throw ZooError.query(
                    [asked, condition, order].compactMap(\.self).joined(separator: "; "),
                    problem: error.resultCode == .SQLITE_MISUSE ? "expected one expression" : error.plainMessage)
            }
        }
    }

    /// One fact of every network, in their order.
    ///
    /// - Throws: ``ZooError/noColumn(folder:column:known:)``.
    public func values(of fact: String) throws -> [ZooValue] {
        let known = try facts
        guard known.contains(fact) else {
            throw ZooError.noColumn(folder: folder.relativePath, column: fact, known: known)
        }
        return try select(["\"\(fact)\""])[fact] ?? []
    }

    /// The fact that networks which belong together agree in: the image that they show where there is one, else their run.
    public var kinship: String { get throws { try facts.contains("image") ? "image" : "run" } }

    /// For each network the number of the group that it is in: of those that agree in a fact, or, where they do not have it,
    /// in their run. Every origin counts its runs for itself.
    ///
    /// - Throws: ``ZooError/noColumn(folder:column:known:)``.
    public func groups(by fact: String) throws -> [Int] {
        let origin =
            "(SELECT shard.origin FROM stack JOIN shard ON shard.id = stack.shard WHERE stack.id = networks.stack)"
        let facts = try values(of: fact)
        let runs = try select([origin, "run"]).rows
        let keys = zip(facts, runs).map { $0 == .none || fact == "run" ? $1 : [$0] }
        let sorted = Set(keys).sorted { $0.map(\.description).lexicographicallyPrecedes($1.map(\.description)) }
        let numbers = Dictionary(uniqueKeysWithValues: zip(sorted, sorted.indices))
        return keys.compactMap { numbers[$0] }
    }

    /// The numbers of the networks that meet a condition, ascending.
    public func networks(where condition: String) throws -> [Int] {
        try select(["network"], where: condition, order: "network").rows.compactMap(\.[0].integer)
    }
}
