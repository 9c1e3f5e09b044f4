import Foundation
import NeuralFunctionals
import TestSupport
import Testing
import Torch
import WeightSpaces
import Zoo

@testable import Experiments

@Suite(.oneThread) struct MixedPopulationTests {
    /// Perceptrons of two depths and several widths by turns, whose weights times √fan-in have the deviation that is to be
    /// predicted.
    private func population(count: Int = 600) throws -> WeightPopulation {
        var random = RandomSource(seed: 1)
        let spaces = try [[3, 4, 2], [3, 8, 2], [3, 4, 6, 2], [3, 7, 5, 2]].map { try WeightSpace.mlp(widths: $0) }
        let targets = (0..<count).map { _ in Double.random(in: 0.2...0.9, using: &random) }
        let stacks = spaces.enumerated().map { number, space in
            let networks = (0..<count).filter { $0 / 2 % spaces.count == number }
            return WeightPopulation.Stack(
                space, networks: networks,
                parameters: space.blocks.map { block in
                    let sizes = Tensor(networks.map { Float(targets[$0]) }).reshaped(
                        [networks.count] + block.shape.map { _ in 1 })
                    return .normal(shape: [networks.count] + block.shape, using: &random) * sizes
                        / Double(block.fanIn).squareRoot()
                })
        }
        let runs = (0..<count).map { $0 / 2 }
        return WeightPopulation(
            stacks, targets: targets, runs: runs,
            split: try Split(groups: runs, validation: .fraction(0.2), test: .fraction(0.3)))
    }

    @Test("networks come back in the order in which they were asked for")
    func keepsOrder() throws {
        let population = try population()
        let numbers = [17, 3, 150, 4, 2, 16]
        let groups = population.groups(at: numbers)
        #expect(groups.map(\.positions) == [[0, 5], [1, 4], [3], [2]])
        let sums = groups.map { group in
            group.networks.blocks[0].reshaped([group.positions.count, -1]).sum([1], keepingAxes: true)
        }
        for (position, number) in numbers.enumerated() {
            let alone = population.groups(at: [number])[0].networks.blocks[0].sum
            expectClose(groups.ordered(sums).narrowed(0, to: position..<position + 1).sum, alone, relativeError: 1e-6)
        }
    }

    @Test("a study of several architectures trains one functional over all, and leaves it behind")
    func wholeStudy() throws {
        let population = try population()
        let options = TrainingOptions(steps: 200, batch: 16, learningRate: 5e-3, warmUp: 5, validationInterval: 20)
        let plan = GeneralisationStudy.Plan(
            trunk: .init(depth: 2, channels: 8, matrixChannels: 4), functional: options, perceptrons: options)
        let subject = GeneralisationResult.Subject(
            networks: "random perceptrons", target: "size", recipe: "Drawn at random.", command: "make sizes")
        try withTemporaryFolder { folder in
            let result = try GeneralisationStudy(of: population, subject, plan: plan, in: folder).run()
            #expect(
                result.methods.map(\.name)
                    == [
                        "ensemble", "functional alone", "perceptron on spectra", "linear on statistics",
                        "perceptron on statistics", "linear, by architecture",
                    ])
            let tau = try #require(result.methods[0].agreement.tau)
            #expect(tau > 0.6, "τ \(tau)")
            #expect(result.parameterCounts == 26...80)
            let functional = try FunctionalWithStatistics<MixedFunctional>(
                contentsOf: folder.appending(path: "functional.safetensors"))
            #expect(
                population.predictions(of: functional, networks: population.split.test)
                    == result.methods[0].predictions)
            try expectPredictions(result.methods[0].predictions, by: folder, of: population)
        }
    }

    /// What is predicted of test networks in files is what was predicted of them in the study.
    private func expectPredictions(_ expected: [Double], by study: URL, of population: WeightPopulation) throws {
        let predictor = try GeneralisationPredictor(of: study)
        func file(_ name: String, _ blocks: [Block], _ values: [Tensor]) throws -> SafetensorsFile {
            let url = study.appending(path: "\(name).safetensors")
            let tensors = zip(blocks, values).map { StoredTensor(name: $0.parameter, $1.reshaped($0.shape)) }
            try SafetensorsFile.write(tensors, metadata: [:], to: url)
            return try SafetensorsFile(url)
        }
        for (network, expected) in zip(population.split.test, expected).prefix(20) {
            let stack = try #require(population.stacks.first { $0.networks.contains(network) })
            let row = try #require(stack.networks.firstIndex(of: network))
            let values = stack.parameters.map { $0.gathered(0, at: [row]) }
            let checkpoint = try file("network-\(network)", stack.space.blocks, values)
            let found = try predictor.prediction(of: checkpoint, activation: nil)
            #expect(abs(found - expected) < 1e-5, "\(stack.space): \(found) instead of \(expected)")
        }
        let blocks = try WeightSpace.mlp(widths: [5, 4, 2]).blocks
        let other = try file("five-inputs", blocks, blocks.map { .zeros($0.shape) })
        #expect(throws: TrainingError.self) { try predictor.prediction(of: other, activation: nil) }
    }

    @Test("statistics by role do not depend on which layer has which weights")
    func roleStatistics() throws {
        let space = try WeightSpace.mlp(widths: [3, 4, 4, 4, 2])
        var random = RandomSource(seed: 2)
        let parameters = space.blocks.map { Tensor.normal(shape: [10] + $0.shape, using: &random) }
        func statistics(_ order: [Int], _ division: WeightStatistics.Division) throws -> Tensor {
            let networks = Feature(stored: order.map { parameters[$0] }, of: space)
            return try WeightStatistics(of: [space], by: division)(networks, of: space)
        }
        let (order, exchanged) = (Array(0..<8), [0, 1, 4, 5, 2, 3, 6, 7])
        expectClose(try statistics(exchanged, .roles), try statistics(order, .roles), relativeError: 1e-12)
        #expect(relativeError(try statistics(exchanged, .parameters), try statistics(order, .parameters)) > 1e-3)
    }

    @Test("a role that no training network has is named")
    func unknownRole() throws {
        let spaces = try [WeightSpace.mlp(widths: [3, 4, 2]), .mlp(widths: [5, 4, 2])]
        let population = WeightPopulation(
            spaces.enumerated().map { number, space in
                .init(
                    space, networks: [2 * number, 2 * number + 1],
                    parameters: space.blocks.map { .ones([2] + $0.shape) })
            }, targets: [0, 1, 2, 3], runs: [0, 1, 2, 3], split: Split(train: [0, 1], validation: [2], test: [3]))
        let subject = GeneralisationResult.Subject(networks: "", target: "", recipe: "", command: "")
        try withTemporaryFolder { folder in
            _ = #expect(throws: TrainingError.unknownRole("*.weight (#0, 5)")) {
                try GeneralisationStudy(of: population, subject, plan: .init(), in: folder).run()
            }
        }
    }
}
