import ArgumentParser
import Experiments
import Foundation
import NeuralFunctionals
import Torch
import Zoo

struct Predict: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Tell from the weights of networks which class their pictures belong to.")

    @Argument(help: ArgumentHelp("The folder of a run that classifies.", valueName: "run"))
    var runFolder: String

    @Argument(help: ArgumentHelp("Networks in files of their own.", valueName: "file"))
    var files: [String]

    func run() throws {
        let folder = try RunFolder(contentsOf: URL(filePath: runFolder))
        if case .classify(.flat, _) = folder.run.kind {
            try predict(with: FlatPerceptron(contentsOf: folder.model))
        } else {
            try predict(with: InvariantFunctional(contentsOf: folder.model))
        }
    }

    private func predict(with model: some NetworkReader) throws {
        for file in files {
            let network = try INR(contentsOf: URL(filePath: file)).feature(over: model.space, file: file)
            let logits = withoutGradients { model(network) }.reshaped([-1])
            let odds = exp(logits - logits.maximum([0]))
            let likely = Int(logits.argmax(0).item)
            print(
                "\(file): class \(likely), probability \(decimal((odds / odds.sum).elements(as: Float.self).map(Double.init)[likely]))"
            )
        }
    }
}
