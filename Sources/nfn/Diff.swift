import ArgumentParser
import Foundation
import Graphs
import WeightSpaces

struct Diff: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Compare two networks up to permutations of their neurons.",
        discussion: """
            What files hold is compared: the graphs of two ONNX files, and all tensors of both by name, after the neurons \
            of the first were moved to where those of the second are. NaN is equal to nothing. Ends with status 0 where \
            nothing differs, with 1 where something does.
            """)

    @OptionGroup var network: SpecifiedNetwork

    @Argument(help: "The network to compare with, in any format.")
    var other: String

    @Option(
        help: ArgumentHelp(
            "The relative distance up to which tensors count as equal, 1e-6 by default; also prints a table by layer.",
            valueName: "distance"))
    var tolerance: Double?

    @Flag(help: "Print a JSON document (see Documentation/inspection-format.md).")
    var json = false

    /// What rounding in float32 may change.
    private static let rounding = 1e-6

    func validate() throws {
        if let tolerance, !(tolerance >= 0 && tolerance.isFinite) {
            throw ValidationError("expected a distance of at least 0 as --tolerance, found \(tolerance)")
        }
    }

    func run() throws {
        let (first, space) = try knownSpace()
        let second = try Network.checkpoint(at: URL(filePath: other))
        let comparison = try NetworkComparison(first, second, in: space)
        let limit = tolerance ?? Self.rounding
        if json {
            print(try comparison.json(tolerance: limit, files: (network.network.file, other)))
        } else {
            let lines = comparison.lines(
                tolerance: limit, byLayer: tolerance != nil, files: (network.network.file, other),
                isGiven: first is ONNXFile)
            print(lines.joined(separator: "\n"))
        }
        guard comparison.isSame(within: limit) else { throw ExitCode.failure }
    }

    /// The first network's weights and space; one without groups where its file does not say how it computes.
    private func knownSpace() throws -> (any Checkpoint, WeightSpace) {
        do {
            return try network.space()
        } catch let error as FamilyError {
            FileHandle.standardError.write(Data("nfn: compared as they are stored: \(error)\n".utf8))
            return (try Network.checkpoint(at: network.network.url), try WeightSpace(groups: [], blocks: []))
        }
    }
}
