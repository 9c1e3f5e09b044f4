import ArgumentParser
import Foundation
import Zoo

struct ZooMerge: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "merge", abstract: "Put the networks of several zoos into one.",
        discussion: """
            Parts that several processes made with --shard become one zoo; other zoos follow one another. A merge that was \
            killed is continued by the same command.
            """)

    @Argument(help: ArgumentHelp("The zoos' folders.", valueName: "zoo"))
    var zoos: [String]

    @Option(help: ArgumentHelp("The folder for the whole.", valueName: "zoo"))
    var out: String

    func run() throws {
        Interruption.watch()
        let merging = try ZooMerging(zoos.map { URL(filePath: $0) })
        var bar: ProgressBar?
        defer { bar?.finish() }
        try merging.run(in: URL(filePath: out)) { done, total in
            try Interruption.check()
            if bar == nil { bar = ProgressBar("merging", total: total, unit: "shards") }
            bar?.update(done)
        }
        let zoo = try Zoo(contentsOf: URL(filePath: out))
        print(
            "\(zoo.folder.relativePath): \(zoo.count) networks"
                + (zoo.missingPieces > 0 ? ", \(zoo.missingPieces) pieces are in none of the zoos" : ""))
    }
}
