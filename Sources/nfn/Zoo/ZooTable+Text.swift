import Foundation
import Zoo

extension ZooTable {
    /// For people: aligned columns, numbers to the right.
    var text: String {
        let cells = [columns] + rows.map { $0.map(\.short) }
        let widths = columns.indices.map { column in cells.map { $0[column].count }.max() ?? 0 }
        let isNumber = columns.indices.map { column in rows.contains { $0[column].number != nil } }
        return cells.map { row in
            let line = row.enumerated().map { column, cell in
                let space = String(repeating: " ", count: widths[column] - cell.count)
                return isNumber[column] ? space + cell : cell + space
            }.joined(separator: "  ")
            return line.lastIndex { $0 != " " }.map { String(line[...$0]) } ?? ""
        }.joined(separator: "\n")
    }

    /// An array of objects; infinite numbers are the texts `inf` and `-inf`.
    var json: String {
        get throws {
            let encoder = JSONEncoder()
            encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
            encoder.nonConformingFloatEncodingStrategy = .convertToString(
                positiveInfinity: "inf", negativeInfinity: "-inf", nan: "nan")
            let objects = try rows.map { row in
                String(
                    decoding: try encoder.encode(
                        Dictionary(zip(columns, row), uniquingKeysWith: { first, _ in first })), as: UTF8.self)
            }
            return objects.isEmpty ? "[]" : "[\n\(objects.joined(separator: ",\n"))\n]"
        }
    }
}

extension ZooValue {
    /// With six digits.
    fileprivate var short: String {
        if case .real(let value) = self { String(format: "%.6g", value) } else { description }
    }
}
