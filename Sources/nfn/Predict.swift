import ArgumentParser
import Experiments
import Foundation
import Graphs
import NeuralFunctionals
import Torch
import WeightSpaces
import Zoo

struct Predict: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Tell from the weights of networks which class they, or their pictures, belong to.")

    @Argument(help: ArgumentHelp("The folder of a run that classifies.", valueName: "run"))
    var runFolder: String

    @Argument(help: ArgumentHelp("Networks in files of their own.", valueName: "file"))
    var files: [String]

    func run() throws {
        let folder = try RunFolder(contentsOf: URL(filePath: runFolder))
        let classifier = try NetworkClassifier(of: folder)
        for file in files {
            let (name, probability) = try classifier.judgement(of: Network.checkpoint(at: URL(filePath: file)))
            print("\(file): class \(name), probability \(decimal(probability))")
        }
    }
}
