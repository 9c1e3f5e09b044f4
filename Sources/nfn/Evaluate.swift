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
        switch folder.run.kind {
        case .classify: try folder.run.classification(of: zoo, Measurement(model: folder.model, isOther: zoo != nil))
        case .edit(let edit):
            let population = try folder.run.population(of: zoo)
            let networks = zoo == nil ? population.split.test : Array(0..<population.zoo.count)
            let model = try EquivariantFunctional(contentsOf: folder.model)
            try requireReads(model.space, population)
            let task = try folder.run.editing(population, edit: edit)
            print(
                "\(networks.count) networks, \(edit) error \(decimal(task.measure(model, networks: networks))), "
                    + "of unedited networks \(decimal(task.identityError(networks: networks)))")
        }
    }

    private func requireReads(_ space: WeightSpace, _ population: INRPopulation) throws {
        let (expected, found) = (space.blocks.map(\.shape), population.space.blocks.map(\.shape))
        guard space == population.space else {
            throw TrainingError.otherNetworks(
                population.zoo.folder.relativePath, expected: "\(expected)", found: "\(found)")
        }
    }
}

/// Says how many networks a classifier reads right.
private struct Measurement: ClassificationUse {
    let model: URL
    /// Whether the zoo is another than that of the run.
    let isOther: Bool

    func callAsFunction<Model: PopulationLearner>(_ task: Classification<Model>, of zoo: Zoo) throws {
        let model = try Model(contentsOf: model)
        let split = task.split
        let networks = isOther ? (split.train + split.validation + split.test).sorted() : split.test
        if let (expected, found) = task.obstacle(to: model) {
            throw TrainingError.otherNetworks(zoo.folder.relativePath, expected: expected, found: found)
        }
        print("\(networks.count) networks, accuracy \(percent(task.measure(model, networks: networks)))")
    }
}
