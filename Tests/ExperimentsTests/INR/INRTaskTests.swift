import Experiments
import Foundation
import NeuralFunctionals
import TestSupport
import Testing
import Torch
import Zoo

@Suite(.oneThread) struct INRTaskTests {
    private let trunk = Run.TrunkOptions(depth: 2, channels: 8, matrixChannels: 4, frequencies: 2)

    private func run(_ kind: Run.Kind, zoo: URL) -> Run {
        Run(
            kind, zoo: zoo.path, split: .init(validation: 0.2, test: 0.25), trunk: trunk,
            options: .init(steps: 500, batch: 16, learningRate: 5e-3, validationInterval: 50))
    }

    @Test("a classifier reads the class from the weights, and is certified invariant")
    func classifies() throws {
        try withTemporaryFolder { folder in
            let zoo = folder.appending(path: "zoo")
            _ = try makeSmallZoo(in: zoo, count: 800)
            let run = run(.classify(.functional, warp: 0), zoo: zoo)
            let population = try run.population()
            let task = try run.classification(population, warp: 0)
            let model = try Trainer(task, options: run.options).run().model
            // Over 200 networks, 0.65 is four standard errors above chance.
            #expect(task.split.test.count == 200 && task.measure(model, networks: task.split.test) > 0.65)
            let confusion = task.confusion(of: model, networks: task.split.test)
            #expect(confusion.flatMap(\.self).reduce(0, +) == task.split.test.count)
            var random = RandomSource(seed: 1)
            let certificate = Certificate(
                model, on: population.networks(at: task.split.test), trials: 5, using: &random)
            #expect(certificate.error <= 1e-10)
            #expect(certificate.negativeControlError >= 1e-4)
        }
    }

    @Test("an editor brings pictures nearer to their edits, and is certified equivariant")
    func edits() throws {
        try withTemporaryFolder { folder in
            let zoo = folder.appending(path: "zoo")
            _ = try makeSmallZoo(in: zoo)
            let run = run(.edit(.dilate), zoo: zoo)
            let population = try run.population()
            let task = try run.editing(population, edit: .dilate)
            let model = try Trainer(task, options: run.options).run().model
            let identity = task.identityError(networks: task.split.test)
            #expect(task.measure(model, networks: task.split.test) < 0.6 * identity)
            var random = RandomSource(seed: 1)
            let certificate = Certificate(
                model, on: population.networks(at: task.split.test), trials: 5, using: &random)
            #expect(certificate.error <= 1e-10)
            #expect(certificate.negativeControlError >= 1e-4)
        }
    }

    @Test("a split keeps every network on one side")
    func splitIsDisjoint() throws {
        try withTemporaryFolder { folder in
            let zoo = folder.appending(path: "zoo")
            _ = try makeSmallZoo(in: zoo)
            let split = try run(.classify(.functional, warp: 0), zoo: zoo).population().split
            #expect((split.train + split.validation + split.test).sorted() == Array(0..<200))
        }
    }
}
