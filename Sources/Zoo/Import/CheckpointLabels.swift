internal import Foundation

/// What a table says about each of some files.
struct CheckpointLabels {
    /// What the facts are called.
    let columns: [String]
    /// The run of each file, where the table has them; texts are counted in the order in which they come.
    let runs: [Int]?

    private let facts: ImportedFacts
    private let splits: [ZooValue]?
    /// The row of each file.
    private let rows: [Int]

    /// - Parameter names: of the files, without endings; rows of other files are passed over.
    /// - Throws: `FileError`; ``ImportError`` also when a file has no row, or several.
    init(contentsOf url: URL, for names: [String]) throws {
        let table = try CSVTable(contentsOf: url)
        let file = try table.column("file")
        var known: [String: Int] = [:]
        for row in 0..<table.rowCount {
            guard let cell = TableCell(table[row, file]) else { continue }
            let name = CheckpointFiles.withoutEnding(cell.text)
            guard known.updateValue(row, forKey: name) == nil else {
                throw ImportError.malformed(
                    file: table.file, expected: "one row for each file", found: "two of \(name)")
            }
        }
        let rows = try names.map { name in
            // The whole path, or else the longest end of it.
            var end = name[...]
            while true {
                if let row = known[String(end)] { return row }
                guard let slash = end.firstIndex(of: "/") else {
                    throw ImportError.unlabelled(labels: table.file, network: name)
                }
                end = end[end.index(after: slash)...]
            }
        }
        self.rows = rows
        let run = table.columns.firstIndex(of: "run")
        runs = run.map { column in
            // Who has no run is a run alone.
            let cells = rows.enumerated().map { TableCell(table[$1, column])?.text ?? "\u{0}\($0)" }
            let numbers = cells.compactMap { Int($0) }
            return numbers.count == cells.count ? numbers : cells.distinct.numbers
        }
        let split = table.columns.firstIndex(of: "split")
        splits = try split.map { column in
            try rows.map { row in
                switch TableCell(table[row, column])?.text {
                case nil: return .none
                case "val": return .text(Split.Side.validation.rawValue)
                case let text?:
                    guard let side = Split.Side(rawValue: text) else {
                        throw ImportError.malformed(
                            file: table.file, expected: "a split of train, validation (or val) or test", found: text)
                    }
                    return .text(side.rawValue)
                }
            }
        }
        facts = try ImportedFacts(
            table, excluding: Set([file, run, split].compactMap(\.self)), reserved: ["run", "file"])
        columns = (split == nil ? [] : ["split"]) + facts.columns
    }

    /// The facts about a file.
    subscript(file: Int) -> [ZooValue] { (splits.map { [$0[file]] } ?? []) + facts[rows[file]] }
}
