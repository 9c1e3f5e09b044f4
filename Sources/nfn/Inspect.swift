import ArgumentParser
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

    @Flag(help: "Print a specification, to be corrected and passed with --spec.")
    var writeSpec = false

    func run() throws {
        let inspection = try Inspection(of: network)
        if let svg { try AtomicFile.write(Data(inspection.drawing.utf8), to: URL(filePath: svg)) }
        if json {
            print(try inspection.document)
        } else if writeSpec {
            print(Specification.text(of: inspection.symmetries.space), terminator: "")
        } else {
            print(inspection.text)
        }
    }
}
