import ArgumentParser
import Experiments
import Foundation
import NeuralFunctionals
import WeightSpaces
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
        switch folder.run.kind {
        case .classify(.functional, let warp):
            try measure(folder.run.classification(population, warp: warp), folder.model, networks)
        case .classify(.flat, let warp):
            try measure(folder.run.flatClassification(population, warp: warp), folder.model, networks)
        case .edit(let edit):
            let model = try EquivariantFunctional(contentsOf: folder.model)
            try requireReads(model.space, population)
            let task = try folder.run.editing(population, edit: edit)
            print(
                "\(networks.count) networks, \(edit) error \(decimal(task.measure(model, networks: networks))), "
                    + "of unedited networks \(decimal(task.identityError(networks: networks)))")
        }
    }

    private func measure<Model>(_ task: INRClassification<Model>, _ file: URL, _ networks: [Int]) throws {
        let model = try Model(contentsOf: file)
        try requireReads(model.space, task.population)
        print("\(networks.count) networks, accuracy \(percent(task.measure(model, networks: networks)))")
    }

    private func requireReads(_ space: WeightSpace, _ population: INRPopulation) throws {
        let (expected, found) = (space.blocks.map(\.shape), population.space.blocks.map(\.shape))
        guard space == population.space else {
            throw TrainingError.otherNetworks(
                population.zoo.folder.relativePath, expected: "\(expected)", found: "\(found)")
        }
    }
}
