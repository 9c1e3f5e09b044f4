/// The columns of a table as facts about networks: with names that conditions can use, and a type for each whole column.
struct ImportedFacts {
    /// What the facts are called.
    let columns: [String]
    private let table: CSVTable
    /// The number in the table, and the type, of each of ``columns``.
    private let sources: [(column: Int, type: ColumnType)]

    private enum ColumnType: Comparable { case none, integer, real, text }

    /// Takes all columns but those in `excluded`, and those without a name.
    init(_ table: CSVTable, excluding excluded: Set<Int> = [], reserved: Set<String> = []) {
        var (columns, sources) = ([String](), [(column: Int, type: ColumnType)]())
        var taken = reserved.union(Catalog.reserved)
        for (index, name) in table.columns.enumerated() where !excluded.contains(index) && !name.isEmpty {
            let fact = Self.factName(name, notIn: taken)
            taken.insert(fact)
            columns.append(fact)
            let type = (0..<table.rowCount).reduce(into: ColumnType.none) { type, row in
                if type < .text { type = max(type, Self.type(of: table[row, index])) }
            }
            sources.append((index, type))
        }
        self.columns = columns
        self.table = table
        self.sources = sources
    }

    /// The facts in a row of the table.
    subscript(row: Int) -> [ZooValue] {
        sources.map { column, type in
            let cell = table[row, column]
            if cell.isEmpty { return .none }
            switch type {
            case .none: return .none
            case .integer: return Int(cell).map(ZooValue.integer) ?? .none
            case .real: return Double(cell).flatMap { $0.isNaN ? nil : .real($0) } ?? .none
            case .text: return .text(cell)
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

    /// A number is written as programs write it: `0.5`, `1e-05`, `-3`, `nan`; what has zeros in front, such as `007`, is a
    /// name, and so is a whole number that does not fit in 63 bits.
    private static func type(of cell: String) -> ColumnType {
        if cell.isEmpty { return .none }
        if ["nan", "inf", "-inf"].contains(cell.lowercased()) { return .real }
        let digits = cell.utf8.drop { $0 == UInt8(ascii: "-") }
        guard let first = digits.first, isDigit(first), cell.utf8.count - digits.count <= 1,
            first != UInt8(ascii: "0") || !(digits.dropFirst().first.map(isDigit) ?? false)
        else { return .text }
        if digits.allSatisfy(isDigit) { return Int(cell) == nil ? .text : .integer }
        return digits.allSatisfy { isDigit($0) || "+-.eE".utf8.contains($0) } && Double(cell) != nil ? .real : .text
    }

    private static func isDigit(_ byte: UInt8) -> Bool { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) }
}
