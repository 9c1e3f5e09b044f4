import ArgumentParser
import Experiments
import Foundation
import Graphs
import WeightSpaces
import Zoo

struct Rank: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Order networks by what a run predicts of them, highest first.",
        discussion: """
            The networks are in files of any format that nfn inspect reads: of the run's architecture, or of any depth and \
            width where the run was trained on several.
            """)

    @Argument(help: ArgumentHelp("The folder of a run that predicts generalisation.", valueName: "run"))
    var runFolder: String

    @Argument(help: ArgumentHelp("Networks in files of their own.", valueName: "file"))
    var files: [String]

    @Option(
        help: """
            The networks' activation (\(Self.activations.joined(separator: ", "))), for a run that is aware of scales and \
            files that do not state it.
            """)
    var activation: String?

    /// What follows a hidden layer, as zoos call it.
    private static let activations = ClassifierArchitecture.Activation.allCases.map(\.rawValue) + ["sine"]

    func validate() throws {
        if let activation, !Self.activations.contains(activation) {
            throw ValidationError(
                "--activation: expected \(Self.activations.joined(separator: ", ")), got \(activation)")
        }
    }

    func run() throws {
        let predictor = try GeneralisationPredictor(of: URL(filePath: runFolder))
        let predictions = try files.map { file in
            let checkpoint = try Network.checkpoint(at: URL(filePath: file))
            return (file: file, value: try predictor.prediction(of: checkpoint, activation: activation))
        }
        for (file, value) in predictions.sorted(by: { $0.value > $1.value }) {
            print("\(String(format: "%.7g", value))  \(file)")
        }
    }
}
