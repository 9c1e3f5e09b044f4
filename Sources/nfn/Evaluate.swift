import ArgumentParser
import Experiments
import Foundation
import NeuralFunctionals
import Zoo

struct Evaluate: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Measure a trained functional on the test networks of its zoo, or on all networks of another.")

    @Argument(help: ArgumentHelp("The run's folder.", valueName: "run"))
    var runFolder: String

    @Argument(help: "Another zoo of the same architecture.")
    var zoo: String?

    func run() throws {
        let folder = try RunFolder(contentsOf: URL(filePath: runFolder))
        let population = try folder.run.population(of: zoo)
        let networks = zoo == nil ? population.split.test : Array(0..<population.zoo.count)
        let (space, name) = (population.space, population.zoo.folder.relativePath)
        switch folder.run.kind {
        case .classify:
            let model = try InvariantFunctional(contentsOf: folder.model)
            guard model.space == space else { throw TrainingError.mismatch(name, model.space, space) }
            let accuracy = try folder.run.classification(population).measure(model, networks: networks)
            print("\(networks.count) networks, accuracy \(percent(accuracy))")
        case .edit(let edit):
            let model = try EquivariantFunctional(contentsOf: folder.model)
            guard model.space == space else { throw TrainingError.mismatch(name, model.space, space) }
            let task = folder.run.editing(population, edit: edit)
            print(
                "\(networks.count) networks, \(edit) error \(decimal(task.measure(model, networks: networks))), "
                    + "of unedited networks \(decimal(task.identityError(networks: networks)))")
        }
    }
}
