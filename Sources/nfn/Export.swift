import ArgumentParser
import Foundation
import WeightSpaces
import Zoo

struct Export: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Write networks of a zoo to files of their own.",
        discussion: """
            Networks that were fitted here become safetensors files that describe themselves; those that were imported from \
            PyTorch files become such files again, under the same names of layers.
            """)

    @Argument(help: "The folder of a zoo.")
    var zoo: String

    @Option(help: "Which networks, such as 0-9.")
    var networks: NumberRange

    @Option(help: "original, or safetensors for files that describe themselves, whatever they were.")
    var form = ExportForm.original

    @Option(help: ArgumentHelp("The folder for the files network-00000.safetensors, ….", valueName: "folder"))
    var out: String

    func run() throws {
        let zoo = try INRZoo(contentsOf: URL(filePath: zoo))
        let chosen = try zoo.requiring(networks)
        let folder = URL(filePath: out)
        try Folder.create(folder)
        let endings = try zoo.zoo.facts.contains("ending") ? zoo.zoo.values(of: "ending") : nil
        for network in chosen {
            let (format, ending) = form.format(ending: endings?[network])
            let name = "network-\(String(format: "%05d", network))" + (ending.isEmpty ? ".pth" : ending)
            try zoo[network].write(to: folder.appending(path: name), as: format)
        }
        print("\(folder.relativePath): \(chosen.count) networks")
    }
}

extension INRZoo {
    /// The chosen networks, all of them where nothing was chosen.
    func requiring(_ networks: NumberRange?) throws -> Range<Int> {
        guard let range = networks?.range else { return 0..<count }
        guard range.upperBound <= count else {
            throw ValidationError("--networks: \(folder.relativePath) has networks 0-\(count - 1), not \(range)")
        }
        return range
    }
}
