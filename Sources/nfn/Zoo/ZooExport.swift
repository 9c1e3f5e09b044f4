public import ArgumentParser
import Foundation
public import Zoo

struct ZooExport: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "export", abstract: "Write networks of a zoo to files, and their facts to a table.",
        discussion: """
            Networks become safetensors files that describe themselves; SIRENs that were imported from PyTorch files become \
            such files again. nfn zoo import makes a zoo of the folder again.
            """)

    @Argument(help: "The zoo's folder.")
    var zoo: String

    @Option(name: .customLong("where"), help: ArgumentHelp("Which networks; all by default.", valueName: "condition"))
    var condition: String?

    @Option(help: "How many networks at most.")
    var limit: Int?

    @Option(help: "original, or safetensors for files that describe themselves, whatever they were.")
    var form = ExportForm.original

    @Option(help: ArgumentHelp("The folder for the files and networks.csv.", valueName: "folder"))
    var out: String

    func validate() throws {
        if let limit, limit < 1 { throw ValidationError("--limit: expected 1 or more, got \(limit)") }
    }

    func run() throws {
        Interruption.watch()
        let exporting = try ZooExporting(Zoo(contentsOf: URL(filePath: zoo)), where: condition, limit: limit, as: form)
        let folder = URL(filePath: out)
        let bar = ProgressBar("exporting", total: exporting.networks.count, unit: "networks")
        do {
            try exporting.run(in: folder) { count in
                try Interruption.check()
                bar.update(count)
            }
        } catch {
            bar.finish()
            throw error
        }
        bar.finish()
        print("\(folder.relativePath): \(exporting.networks.count) networks")
    }
}

extension ExportForm: ExpressibleByArgument {}
