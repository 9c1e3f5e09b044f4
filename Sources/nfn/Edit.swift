import ArgumentParser
import Experiments
import Foundation
import Graphs
import NeuralFunctionals
import Torch
import WeightSpaces
import Zoo

struct Edit: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Change the weights of a network so that its picture is edited.")

    @Argument(help: ArgumentHelp("The folder of a run that edits.", valueName: "run"))
    var runFolder: String

    @Argument(help: "A network in a file of its own.")
    var file: String

    @Option(help: ArgumentHelp("The edited network, in the format of the file.", valueName: "file"))
    var out: String

    func run() throws {
        let model = try EquivariantFunctional(contentsOf: RunFolder(contentsOf: URL(filePath: runFolder)).model)
        let checkpoint = try Network.checkpoint(at: URL(filePath: file))
        let network = try checkpoint.network(over: model.space)
        let edited = withoutGradients { model(network.feature) }.stored(in: model.space)
        let new = Dictionary(uniqueKeysWithValues: zip(network.names, edited))
        try checkpoint.write(to: URL(filePath: out)) { entry in
            guard let tensor = new[entry.name], let dtype = entry.dtype.tensorDType else {
                return try checkpoint.withBytes(of: entry) { [UInt8]($0) }
            }
            let stored = tensor.to(dtype)
            return [UInt8](unsafeUninitializedCapacity: entry.byteCount) { buffer, count in
                stored.copyBytes(to: UnsafeMutableRawBufferPointer(buffer))
                count = entry.byteCount
            }
        }
    }
}
