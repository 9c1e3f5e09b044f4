import ArgumentParser
import Foundation
import Zoo

struct ZooQuery: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "query", abstract: "List the networks of a zoo that meet a condition.",
        discussion: """
            A condition is an SQL expression over facts, as nfn zoo info names them: \
            --where "activation = 'relu' AND test_accuracy > 0.3".
            """, aliases: ["list"])

    enum Format: String, ExpressibleByArgument, CaseIterable {
        case table, csv, json
    }

    @Argument(help: "The zoo's folder.")
    var zoo: String

    @Option(name: .customLong("where"), help: ArgumentHelp("Which networks; all by default.", valueName: "condition"))
    var condition: String?

    @Option(help: ArgumentHelp("Facts or SQL expressions; every fact by default.", valueName: "facts"))
    var columns: String?

    @Option(help: ArgumentHelp("What to sort by, such as 'test_accuracy DESC'; the network's number by default."))
    var order: String?

    @Option(help: "How many networks at most.")
    var limit: Int?

    @Option(help: "table, csv or json.")
    var format = Format.table

    @Option(help: ArgumentHelp("Draw how often values of a fact occur, instead of a list.", valueName: "fact"))
    var histogram: String?

    func validate() throws {
        if histogram != nil, columns != nil || order != nil || format != .table {
            throw ValidationError("--histogram: expected no --columns, --order or --format beside it")
        }
        if let limit, limit < 1 { throw ValidationError("--limit: expected 1 or more, got \(limit)") }
    }

    func run() throws {
        let zoo = try Zoo(contentsOf: URL(filePath: zoo))
        if let histogram {
            let values = try zoo.select([histogram], where: condition, limit: limit).rows.map { $0[0] }
            return print(Histogram(values).text)
        }
        let table = try zoo.select(
            columns.map { [$0] } ?? [], where: condition, order: order, limit: limit)
        switch format {
        case .table: print(table.text)
        case .csv: print(table.csv)
        case .json: print(try table.json)
        }
    }
}
