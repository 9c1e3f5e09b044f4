import ArgumentParser
import Experiments
import Foundation
import Graphs
import WeightSpaces

struct Inspect: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Show a network's parameters, and the permutations of its neurons that leave its function alone.")

    @OptionGroup var network: NetworkOptions

    @Flag(help: "Print a JSON document (see Documentation/inspection-format.md).")
    var json = false

    @Option(help: ArgumentHelp("Draw the groups over the parameters into an SVG file.", valueName: "file"))
    var svg: String?

    @Flag(help: "Print a specification, to be corrected and passed to other commands with --spec.")
    var spec = false

    func run() throws {
        let inspection = try Inspection(
            of: network.url, shapes: network.inputShapes, stating: network.stated.facts)
        if let svg {
            try AtomicFile.write(Data(GroupDrawing(inspection.space).svg.utf8), to: URL(filePath: svg))
        }
        if json {
            print(try inspection.json())
        } else if spec {
            for (assumption, _) in inspection.assumptions { print("# \(assumption.remark)") }
            print(Specification.text(of: inspection.space), terminator: "")
        } else if svg == nil {
            print(inspection.text)
        }
    }
}
