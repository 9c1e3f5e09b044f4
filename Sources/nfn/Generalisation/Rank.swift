import ArgumentParser
import Experiments
import Foundation
import Graphs
import NeuralFunctionals
import Torch
import WeightSpaces
import Zoo

struct Rank: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Order networks by what a run predicts of them, best first.",
        discussion: "The networks are those of the run's architecture, in files of any format that nfn inspect reads.")

    @Argument(help: ArgumentHelp("The folder of a run that predicts generalisation.", valueName: "run"))
    var runFolder: String

    @Argument(help: ArgumentHelp("Networks in files of their own.", valueName: "file"))
    var files: [String]

    @Option(help: "The networks' activation (relu, tanh, sine, …), for a run that is aware of scales.")
    var activation: String?

    func run() throws {
        let folder = URL(filePath: runFolder)
        let result = try GeneralisationResult(of: folder)
        let model = try InvariantFunctional(contentsOf: folder.appending(path: GeneralisationStudy.modelFileName))
        let structure = try result.isScaleAware ? scaling(of: model.space) : nil
        let predictions = try files.map { file in
            var network = try Network.checkpoint(at: URL(filePath: file)).parameters(of: model.space)
                .mapValues { $0.to(.float32).expandingAxis(0) }
            if let structure {
                network = try ScalingElement(canonicalizing: network, in: structure).acting(on: network)
            }
            let output = try withoutGradients { model(try Feature(networks: network, of: model.space)) }.item
            guard output.isFinite else { throw WeightSpaceError.notFinite(file) }
            return (file: file, prediction: result.scale.prediction(output))
        }
        for (file, prediction) in predictions.sorted(by: { $0.prediction > $1.prediction }) {
            print("\(decimal(prediction))  \(file)")
        }
    }

    /// What follows a hidden layer, as zoos call it.
    private static let activations = ClassifierArchitecture.Activation.allCases.map(\.rawValue) + ["sine"]

    private func scaling(of space: WeightSpace) throws -> ScalingStructure? {
        guard let activation, Self.activations.contains(activation) else {
            throw ValidationError(
                "--activation: the run is aware of scales, and needs the function after the networks' hidden layers; "
                    + "expected \(Self.activations.joined(separator: ", ")), got \(activation ?? "none")")
        }
        return try NeuronScaling(activation: activation).map { try ScalingStructure(of: space, hiddenNeurons: $0) }
    }
}
