/// Facts about networks: a row for each, in named columns.
public struct ZooTable: Hashable, Sendable {
    /// What the columns are called.
    public let columns: [String]
    /// One value per column.
    public private(set) var rows: [[ZooValue]]

    /// A table with these columns.
    ///
    /// - Traps: when a row has more or fewer values.
    public init(columns: [String], rows: [[ZooValue]] = []) {
        self.columns = columns
        self.rows = []
        for row in rows { append(row) }
    }

    /// Adds a row.
    ///
    /// - Traps: when it has more or fewer values than there are columns.
    public mutating func append(_ row: [ZooValue]) {
        precondition(row.count == columns.count, "expected values for \(columns), got \(row)")
        rows.append(row)
    }

    /// The values of one column.
    public subscript(column: String) -> [ZooValue]? {
        columns.firstIndex(of: column).map { index in rows.map { $0[index] } }
    }

    /// The values of one column, or others where there is none.
    public subscript(column: String, default values: [ZooValue]) -> [ZooValue] { self[column] ?? values }
}
