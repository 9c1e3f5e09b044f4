import ArgumentParser
import Foundation
import Zoo

struct ZooImport: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "import", abstract: "Make a zoo of networks that are kept in other files.",
        discussion: """
            The folder has either weights.npy, metrics.csv (or .csv.gz) and layout.csv, as the Small CNN Zoo was published, \
            or a safetensors, PyTorch, NumPy or ONNX file for each network, also in sub-folders. Weights become float32. An \
            import that was interrupted or killed continues when the same command is given again.

            In a table of --labels, file is a network's path in the folder or the end of it. Networks with the same run \
            belong together; split is train, validation or test; all other columns become facts.
            """)

    @Argument(help: "The folder with the networks.")
    var folder: String

    @Option(help: ArgumentHelp("The folder for the zoo.", valueName: "zoo"))
    var out: String

    @Option(
        help: ArgumentHelp(
            "A CSV file of facts: a column file, and others; networks.csv in the folder by default.",
            valueName: "file"))
    var labels: String?

    func run() throws {
        Interruption.watch()
        let target = URL(filePath: out)
        let importing = try ZooImporting(
            from: URL(filePath: folder), labels: labels.map { URL(filePath: $0) }, in: target)
        let bar = ProgressBar("importing", total: importing.plan.count, unit: "networks")
        do {
            try importing.run(checkpoint: Interruption.check) { bar.update($0) }
        } catch {
            bar.finish()
            throw error
        }
        bar.finish()
        let zoo = try Zoo(contentsOf: target)
        let lost = importing.plan.count - zoo.count
        print(
            "\(target.relativePath): \(zoo.count) networks of \(zoo.architectures.count) "
                + (zoo.architectures.count == 1 ? "architecture" : "architectures")
                + (lost > 0 ? "; left out \(lost) with weights that are NaN or infinite" : ""))
    }
}
