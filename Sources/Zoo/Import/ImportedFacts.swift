internal import WeightSpaces

/// The columns of a table as facts about networks: with names that conditions can use, and a type for each whole column.
struct ImportedFacts {
    /// What the facts are called.
    let columns: [String]
    private let table: CSVTable
    /// The number in the table, and the type, of each of ``columns``.
    private let sources: [(column: Int, type: ColumnType)]

    private enum ColumnType { case none, truth, integer, real, text }

    /// Takes all columns but those in `excluded`, and those without a name.
    ///
    /// - Throws: ``ImportError`` when numbers are written with a decimal comma.
    init(_ table: CSVTable, excluding excluded: Set<Int> = [], reserved: Set<String> = []) throws {
        var (columns, sources) = ([String](), [(column: Int, type: ColumnType)]())
        var taken = reserved.union(Catalog.reserved)
        for (index, name) in table.columns.enumerated() where !excluded.contains(index) && !name.isEmpty {
            let fact = Self.factName(name, notIn: taken)
            taken.insert(fact)
            columns.append(fact)
            sources.append((index, try Self.type(ofColumn: index, in: table)))
        }
        self.columns = columns
        self.table = table
        self.sources = sources
    }

    /// The facts in a row of the table.
    subscript(row: Int) -> [ZooValue] {
        sources.map { column, type in
            guard let cell = TableCell(table[row, column]) else { return .none }
            switch type {
            case .none: return .none
            case .truth: return cell.truth.map { .integer($0 ? 1 : 0) } ?? .none
            case .integer: return cell.integer.map(ZooValue.integer) ?? .none
            case .real: return cell.real.map(ZooValue.real) ?? .none
            case .text: return .text(cell.text)
            }
        }
    }

    /// Small letters, digits and underscores; other characters become underscores. What does not begin with a letter gets
    /// `fact_` in front, what is taken an underscore at the end.
    static func factName(_ name: String, notIn taken: Set<String> = []) -> String {
        var fact = String(
            name.lowercased().unicodeScalars.map { scalar in
                ("a"..."z").contains(scalar) || ("0"..."9").contains(scalar) ? Character(scalar) : "_"
            }.prefix(48))
        if !("a"..."z").contains(fact.first ?? "_") { fact = "fact_" + fact }
        var (candidate, number) = (fact, 2)
        if taken.contains(candidate) { candidate = fact + "_" }
        while taken.contains(candidate) {
            candidate = "\(fact)_\(number)"
            number += 1
        }
        return candidate
    }

    /// What all cells of a column are that are not missing.
    private static func type(ofColumn column: Int, in table: CSVTable) throws -> ColumnType {
        var (isEmpty, areTruths, areIntegers, areReals, areCommas) = (true, true, true, true, true)
        var comma: (row: Int, text: String)?
        for row in 0..<table.rowCount {
            guard let cell = TableCell(table[row, column]) else { continue }
            isEmpty = false
            areTruths = areTruths && cell.truth != nil
            let isReal = cell.real != nil
            areIntegers = areIntegers && cell.integer != nil
            areReals = areReals && isReal
            if cell.hasDecimalComma { comma = comma ?? (row, cell.text) }
            areCommas = areCommas && (isReal || cell.hasDecimalComma)
            if !areTruths, !areReals, !areCommas { return .text }
        }
        if isEmpty { return .none }
        if areTruths { return .truth }
        if areIntegers { return .integer }
        if areReals { return .real }
        if areCommas, let comma {
            throw ImportError.malformed(
                file: table.file,
                expected: "numbers with a decimal point in column \(table.columns[column].oneLine(limit: 60))",
                found: "\(comma.text) in row \(comma.row + 1)")
        }
        return .text
    }
}
