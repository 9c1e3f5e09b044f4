import ArgumentParser
import Foundation
import Torch
import WeightSpaces

struct Permute: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Write a network with its neurons in other places: other weights, the same function.")

    @OptionGroup var network: SpecifiedNetwork

    @Option(help: "What random numbers begin with.")
    var seed: UInt64 = 0

    @Option(help: "Where the network is written, in the format that it came in.")
    var out: String

    func run() throws {
        let (checkpoint, space) = try network.space()
        var random = RandomSource(seed: seed)
        let element = GroupElement.random(of: space.groups, movingOrdered: false, using: &random)
        try checkpoint.write(to: URL(filePath: out), permutedBy: element, in: space)
        print("\(out): \(space.groups.count) groups permuted, \(space.groups.reduce(0) { $0 + $1.size }) neurons")
    }
}
