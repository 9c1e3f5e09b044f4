internal import Foundation

extension GeneralisationResult {
    /// The figures of every method, and τ over every subset, as aligned text.
    public var table: String {
        let head = ["", "τ", "95 %", "R²", "L₁", "seconds"]
        let figures = methods.map { method in
            [
                method.name, Self.figure(method.agreement.tau), Self.interval(method),
                Self.figure(method.agreement.determination), Numeral.significant(method.agreement.meanAbsoluteError),
                method.seconds.map { Numeral.fixed($0, digits: 1) } ?? "–",
            ]
        }
        let names = subsets.keys.sorted()
        if names.isEmpty { return Self.aligned([head] + figures) }
        let subsetHead = ["τ of networks with", "networks"] + methods.map(\.name)
        let subsetRows = names.map { name in
            [name, Numeral.count(subsets[name]?.count ?? 0)] + methods.map { Self.figure($0.subsets[name]?.tau) }
        }
        return Self.aligned([head] + figures) + "\n\n" + Self.aligned([subsetHead] + subsetRows)
    }

    /// Three digits after the point, or a dash for what is not defined; what is large as a power of ten.
    static func figure(_ value: Double?) -> String {
        value.map { $0.magnitude < 1e4 ? Numeral.fixed($0, digits: 3) : Numeral.power($0) } ?? "–"
    }

    /// The interval of a method's τ.
    static func interval(_ method: Method) -> String {
        method.tauInterval.map { "\(figure($0.lowerBound)) to \(figure($0.upperBound))" } ?? "–"
    }

    /// Rows with their columns aligned, the first to the left and the others to the right.
    private static func aligned(_ rows: [[String]]) -> String {
        let widths = rows[0].indices.map { column in rows.map { $0[column].count }.max() ?? 0 }
        return rows.map { row in
            zip(row, widths).enumerated().map { column, cell in
                let space = String(repeating: " ", count: cell.1 - cell.0.count)
                return column == 0 ? cell.0 + space : space + cell.0
            }.joined(separator: "  ")
        }.joined(separator: "\n")
    }
}
