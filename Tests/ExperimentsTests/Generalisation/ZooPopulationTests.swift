import Foundation
import NeuralFunctionals
import TestSupport
import Testing
import Torch
import WeightSpaces
import Zoo

@testable import Experiments

@Suite(.oneThread) struct ZooPopulationTests {
    private struct Settings: ZooSettings {
        static let kind = "sample"
    }

    /// A perceptron whose definition does not tell its activation.
    private struct Perceptron: NetworkDefinition {
        static let kind = "perceptron"
        var name: String { "perceptron 3-5-2" }
        var weightSpace: WeightSpace { get throws { try .mlp(widths: [3, 5, 2]) } }
    }

    /// Ten runs of two checkpoints, perceptrons with ReLU and tanh by turns; the first checkpoint has no accuracy.
    private func writeZoo(
        in folder: URL, inputs: Int = 3, namingActivations: Bool = true, accuracy: (Int) -> Double = { Double($0) / 10 }
    ) throws -> Zoo {
        var random = RandomSource(seed: 1)
        let writer = try ZooWriter([ZooOrigin(Settings(), pieces: 1)], in: folder)
        let stacks = try [ClassifierArchitecture.Activation.relu, .tanh].enumerated().map { number, activation in
            let classifier = ClassifierArchitecture.mlp(widths: [inputs, 5, 2], activation: activation)
            let architecture =
                namingActivations ? try NetworkArchitecture(classifier) : try NetworkArchitecture(Perceptron())
            var facts = ZooTable(columns: ["run", "epoch", "activation", "test_accuracy"])
            for run in 0..<5 {
                for epoch in 0..<2 {
                    facts.append([
                        .integer(2 * run + number), .integer(epoch), .text(activation.rawValue),
                        epoch == 0 ? .none : .real(accuracy(run)),
                    ])
                }
            }
            return ZooPiece.Stack(
                architecture,
                parameters: architecture.parameters.map { .normal(shape: [10] + $0.shape, using: &random) },
                facts: facts)
        }
        try writer.add(ZooPiece(stacks), number: 0)
        try writer.finish()
        return try Zoo(contentsOf: folder)
    }

    @Test("networks with the fact are taken, split by runs; facts make subsets and say how neurons scale")
    func readsZoo() throws {
        try withTemporaryFolder { folder in
            let zoo = try writeZoo(in: folder)
            let population = try WeightPopulation(
                zoo, target: "test_accuracy", where: nil, split: .init(validation: 0.2, test: 0.2))
            #expect(population.targets == (0..<10).map { Double($0 % 5) / 10 })
            #expect(population.runs == [0, 2, 4, 6, 8, 1, 3, 5, 7, 9])
            #expect(population.subsets == ["activation relu": Array(0..<5), "activation tanh": Array(5..<10)])
            #expect(population.split.test.count == 2 && population.split.train.count == 6)
            #expect(population.scalings.count == 2)
            expectClose(
                population.groups(at: [7])[0].networks.blocks[0], zoo.parameters(at: [15])[0], relativeError: 0)
            #expect(population.origins[7] == 15)
            let some = try WeightPopulation(
                zoo, target: "epoch", where: "activation = 'tanh' AND run < 7", split: .init(validation: 0.3, test: 0.3)
            )
            #expect(some.targets == [0, 1, 0, 1, 0, 1])
            #expect(throws: TrainingError.emptySide(zoo: zoo.folder.relativePath, side: "the test")) {
                try WeightPopulation(zoo, target: "epoch", where: nil, split: .init(validation: 0.2, test: 0))
            }
            #expect { try WeightPopulation(zoo, target: "activation", where: nil, split: .init()) } throws: {
                "\($0)".contains("expected a number called activation")
            }
        }
    }

    @Test("infinite numbers are not to be predicted")
    func infinities() throws {
        try withTemporaryFolder { folder in
            let zoo = try writeZoo(in: folder) { $0 == 0 ? .infinity : Double($0) / 10 }
            let population = try WeightPopulation(
                zoo, target: "test_accuracy", where: nil, split: .init(validation: 0.25, test: 0.25))
            #expect(population.targets == [0.1, 0.2, 0.3, 0.4, 0.1, 0.2, 0.3, 0.4])
        }
    }

    @Test("a stored split that divides runs is refused; another split is another study")
    func storedSplits() throws {
        try withTemporaryFolder { folder in
            func population(splitBy fact: String, seed: UInt64) throws -> WeightPopulation {
                let zoo = try Zoo(contentsOf: folder)
                let writer = try ZooWriter(reopening: zoo)
                try writer.set(
                    Split(groups: zoo.groups(by: fact), validation: .fraction(0.3), test: .fraction(0.3), seed: seed))
                try writer.finish()
                return try WeightPopulation(Zoo(contentsOf: folder), target: "epoch", where: nil, split: .init())
            }
            _ = try writeZoo(in: folder) { Double($0) / 10 }
            let first = try population(splitBy: "run", seed: 1)
            #expect(try first.fingerprint == population(splitBy: "run", seed: 1).fingerprint)
            #expect(try first.fingerprint != population(splitBy: "run", seed: 2).fingerprint)
            // Those without accuracy stay with their run, the others with those as good as they.
            #expect(throws: TrainingError.dividedSplit(zoo: folder.relativePath, fact: "run")) {
                try population(splitBy: "test_accuracy", seed: 1)
            }
        }
    }

    @Test("what reads networks of many pixels does not grow with their number")
    func pixels() throws {
        func parameterCount(_ inputs: Int) throws -> Int {
            try withTemporaryFolder { folder in
                let zoo = try writeZoo(in: folder, inputs: inputs)
                let population = try WeightPopulation(zoo, target: "epoch", where: nil, split: .init())
                #expect(population.scalings.count == 2)
                var random = RandomSource(seed: 2)
                return InvariantFunctional(
                    .init(trunk: .init(space: population.space, channels: 4), outputs: 1), using: &random
                ).parameterCount
            }
        }
        #expect(try parameterCount(100) == parameterCount(784))
        #expect(try parameterCount(10) < parameterCount(20))
    }

    @Test("a network's definition says how neurons scale, or else the fact does", arguments: [true, false])
    func scalings(namingActivations: Bool) throws {
        try withTemporaryFolder { folder in
            let zoo = try writeZoo(in: folder, namingActivations: namingActivations)
            let population = try WeightPopulation(zoo, target: "epoch", where: nil, split: .init())
            #expect(zoo.architecture(of: 0).hiddenActivation == (namingActivations ? "relu" : nil))
            let structures = try [NeuronScaling.positive, .sign].map {
                try ScalingStructure(of: population.space, hiddenNeurons: $0)
            }
            #expect(population.scalings == [structures[0]: Array(0..<10), structures[1]: Array(10..<20)])
        }
    }

    @Test("the canonical form forgets how neurons were scaled, and nothing is forgotten without it")
    func canonicalForm() throws {
        let sample = try SamplePopulation(count: 40)
        let structures = try [NeuronScaling.positive, .sign].map {
            try ScalingStructure(of: sample.space, hiddenNeurons: $0)
        }
        let population = WeightPopulation(
            sample.space, parameters: sample.parameters, targets: sample.squashed, runs: Array(0..<40),
            scalings: [structures[0]: Array(0..<15), structures[1]: Array(20..<40)],
            split: try Split(groups: Array(0..<40), validation: .fraction(0.2), test: .fraction(0.3)))
        var random = RandomSource(seed: 4)
        let rescaled = try population.rescaled(using: &random)
        let all = Array(0..<40)
        func error(_ a: WeightPopulation, _ b: WeightPopulation, at networks: [Int]) -> Double {
            zip(a.groups(at: networks)[0].networks.blocks, b.groups(at: networks)[0].networks.blocks)
                .map { relativeError($0, $1) }.max() ?? 0
        }
        #expect(try error(rescaled.canonical(), population.canonical(), at: all) < 1e-10)
        #expect(error(rescaled, population, at: Array(0..<15)) > 1e-3)
        #expect(error(rescaled, population, at: Array(20..<40)) > 1e-3)
        #expect(error(rescaled, population, at: Array(15..<20)) == 0)
    }
}
