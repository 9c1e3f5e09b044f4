import ArgumentParser
import Experiments
import Foundation
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

    @Option(help: ArgumentHelp("The edited network.", valueName: "file"))
    var out: String

    func run() throws {
        let model = try EquivariantFunctional(contentsOf: RunFolder(contentsOf: URL(filePath: runFolder)).model)
        let inr = try INR(contentsOf: URL(filePath: file))
        let network = try inr.feature(over: model.space, file: file)
        let edited = withoutGradients { model(network) }.stored(in: model.space)
        let parameters = zip(edited, inr.siren.parameterShapes).map { $0.reshaped($1) }
        try INR(siren: inr.siren, grid: inr.grid, parameters: parameters).write(to: URL(filePath: out))
    }
}

extension INR {
    /// The network as a batch of one, for a functional over `space`.
    func feature(over space: WeightSpace, file: String) throws -> Feature {
        let shapes = space.blocks.map(\.shape)
        guard shapes == siren.parameterShapes else {
            throw TrainingError.otherNetworks(file, expected: "\(shapes)", found: "\(siren.parameterShapes)")
        }
        return Feature(stored: parameters.map { $0.to(.float32).expandingAxis(0) }, of: space)
    }
}
