import ArgumentParser
import Foundation
import Graphs
import Torch
import WeightSpaces

struct Diff: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Compare two networks up to permutations of their neurons.",
        discussion: "Ends with status 0 where the networks are the same up to a permutation, with 1 where they differ.")

    @OptionGroup var network: SpecifiedNetwork

    @Argument(help: "The network to compare with, of the same parameters, in any format.")
    var other: String

    func run() throws {
        let (first, space) = try network.space()
        let second = try Network.checkpoint(at: URL(filePath: other))
        let (a, b) = (try first.parameters(of: space), try second.parameters(of: space))
        let alignment = try Alignment(of: a, to: b, in: space)
        let moved = try alignment.element.acting(on: a, in: space)
        let names = space.blocks.map(\.parameter).reduce(into: [String]()) { if $0.last != $1 { $0.append($1) } }
        let apart = names.map { a[$0]!.relativeDistance(to: b[$0]!) }
        let left = names.map { moved[$0]!.relativeDistance(to: b[$0]!) }
        for (name, (before, after)) in zip(names, zip(apart, left)) where after > 0 {
            print("\(name)  \(after.scientific)  (\(before.scientific) as they are)")
        }
        let neurons = alignment.element.permutations.reduce(0) { sum, permutation in
            sum + permutation.images.enumerated().count { $0.offset != $0.element }
        }
        let largest = left.max() ?? 0
        print("\(neurons) neurons are in other places; largest relative difference \(largest.scientific)")
        guard largest <= 1e-6 else { throw ExitCode.failure }
        print(neurons == 0 ? "the same network" : "the same network up to a permutation of neurons")
    }
}

extension Tensor {
    /// `‖self − other‖ / ‖other‖`
    fileprivate func relativeDistance(to other: Tensor) -> Double {
        let (difference, size) = (
            (to(.float64) - other.to(.float64)).squared.sum.item, other.to(.float64).squared.sum.item
        )
        return difference == 0 ? 0 : (difference / Swift.max(size, 1e-300)).squareRoot()
    }
}
