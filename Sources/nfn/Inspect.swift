import ArgumentParser
import Foundation
import Graphs
import WeightSpaces

struct Inspect: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Show a network's parameters, and the permutations of its neurons that leave its function alone.")

    @Argument(help: "An ONNX file.")
    var file: String

    @Flag(help: "Print one JSON document instead of text.")
    var json = false

    func run() throws {
        let network = try Network(URL(filePath: file))
        let symmetries = try network.symmetries()
        let space = symmetries.space
        print("blocks")
        for block in space.blocks {
            let axes = block.axes.map { axis in
                switch axis {
                case .permuted(let group): space.groups[group].name
                case .fixed(let size): "\(size)"
                }
            }
            print("  \(block.name)  \(block.viewShape)  (\(axes.joined(separator: ", ")))")
        }
        print("permutation groups")
        for group in space.groups { print("  \(group.name)  \(group.size)") }
        print("fixed")
        for fixed in symmetries.fixedAxes {
            print("  \(fixed.parameter) axis \(fixed.axis) \(fixed.range): \(fixed.reason)")
        }
        for (name, reason) in symmetries.unknownOperators { print("unknown: \(name): \(reason)") }
        print("10^\(space.logarithmicOrder) permutations, \(space.permutedShare) of the weights")
    }
}
