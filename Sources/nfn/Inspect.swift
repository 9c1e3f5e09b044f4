import ArgumentParser
import Foundation
import WeightSpaces

struct Inspect: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "List the tensors of a network's file, and the permutation groups of a chain of layers.")

    @Argument(help: "A file or folder: safetensors, NumPy or PyTorch.")
    var file: String

    func run() throws {
        let file = try Checkpoints.open(URL(filePath: file))
        for entry in file.entries {
            print("\(entry.name)  \(entry.dtype.rawValue)  \(entry.shape)")
        }
        let count = file.entries.reduce(0) { $0 + $1.shape.reduce(1, *) }
        print("\(file.entries.count) tensors, \(count) numbers")
        do {
            let space = try WeightSpace(chainOf: file.entries.map { ($0.name, $0.shape) })
            print("\nblocks")
            for block in space.blocks {
                let axes = block.axes.map { axis in
                    switch axis {
                    case .permuted(let group): space.groups[group].name
                    case .fixed(let size): "fixed \(size)"
                    }
                }
                print("  \(block.parameter)  \(block.shape)  (\(axes.joined(separator: ", ")))")
            }
            print("permutation groups")
            for group in space.groups { print("  \(group.name)  \(group.size) neurons") }
        } catch let error as WeightSpaceError {
            print("\nno permutation groups: \(error)")
        }
    }
}
