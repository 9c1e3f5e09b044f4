import Foundation

/// Text in columns, the first flush left and the others flush right.
struct Table {
    private(set) var rows: [[String]]

    init(header: [String]) { rows = [header] }

    mutating func append(_ row: [String]) { rows.append(row) }

    var text: String {
        let widths = rows[0].indices.map { column in rows.map { $0[column].count }.max() ?? 0 }
        return rows.map { row in
            zip(row, widths).enumerated().map { column, cell in
                let padding = String(repeating: " ", count: cell.1 - cell.0.count)
                return column == 0 ? cell.0 + padding : padding + cell.0
            }.joined(separator: "  ")
        }.joined(separator: "\n")
    }
}

extension Double {
    /// Three significant digits, as far as they stand before the point or just behind it.
    var short: String {
        let digits = self >= 99.95 ? 0 : self >= 9.995 ? 1 : self >= 0.9995 ? 2 : 3
        return String(format: "%.\(digits)f", self)
    }
}

extension Double? {
    /// A dash where there is nothing.
    var short: String { map(\.short) ?? "–" }
}
