import Foundation
import NeuralFunctionals
import TestSupport
import Testing
import Torch
import WeightSpaces

@testable import Experiments

@Suite(.oneThread) struct WeightStatisticsTests {
    /// Sorting and counting, as the definition says.
    private func naive(_ weights: [Double]) -> [Double] {
        let (sorted, count) = (weights.sorted(), Double(weights.count))
        let mean = weights.reduce(0, +) / count
        let variance = weights.map { ($0 - mean) * ($0 - mean) }.reduce(0, +) / count
        let quantiles = [0, 0.25, 0.5, 0.75, 1].map { part in
            let position = part * (count - 1)
            let (below, above) = (Int(position), min(Int(position) + 1, weights.count - 1))
            return sorted[below] * (1 - position + Double(below)) + sorted[above] * (position - Double(below))
        }
        return [mean, variance] + quantiles
    }

    @Test("every statistic is what its definition says, for the weights of every block")
    func matchesDefinition() throws {
        let sample = try SamplePopulation(count: 150)
        let statistics = try WeightStatistics(of: [sample.space], by: .parameters)
        let values = statistics(try sample.population(targets: sample.norms, dtype: .float64))
        #expect(values.shape == [150, 7 * 4])
        for network in [0, 63, 64, 149] {
            let expected = sample.parameters.flatMap { naive($0.gathered(0, at: [network]).elements()) }
            expectClose(
                values.narrowed(0, to: network..<network + 1).reshaped([-1]), Tensor(expected), relativeError: 1e-14)
        }
    }

    @Test("a single weight is all of its quantiles")
    func oneWeight() throws {
        let space = try WeightSpace(
            groups: [], blocks: [Block(parameter: "w", shape: [1, 1], axes: [.fixed(1), .fixed(1)])])
        let networks = Feature(stored: [Tensor([3.0, -2], shape: [2, 1, 1])], of: space)
        let rows = try WeightStatistics(of: [space], by: .parameters)(networks, of: space)
        #expect(rows.elements(as: Double.self) == [3, 0, 3, 3, 3, 3, 3, -2, 0, -2, -2, -2, -2, -2])
    }

    @Test("a spectrum has the singular values of a kernel laid out in rows, and of the sum over its positions")
    func spectra() throws {
        let neurons = [PermutationGroup("in", size: 2), PermutationGroup("out", size: 3)]
        let space = try WeightSpace(
            groups: neurons,
            blocks: [
                Block(parameter: "w", shape: [3, 2, 2], axes: [.permuted(1), .permuted(0), .fixed(2)]),
                Block(parameter: "b", shape: [3], axes: [.permuted(1)]),
            ])
        // Rows (3, 0, 0, 4), (0, 0, 1, −1) and zeros, with the inner product −4; sums over positions (3, 4), (0, 0), (0, 0).
        let networks = Feature(
            stored: [
                Tensor([3.0, 0, 0, 4, 0, 0, 1, -1, 0, 0, 0, 0], shape: [1, 3, 2, 2]),
                Tensor([1.0, 2, 3], shape: [1, 3]),
            ], of: space)
        let statistics = try WeightStatistics(of: [space], by: .parameters, seenAs: [.spectrum, .spectrumOfSums])
        #expect(
            statistics.space.blocks.map(\.name).filter { $0.hasSuffix("mean") }
                == ["w spectrum mean", "w spectrum of sums mean"])
        // The squares are 0 and the roots of x² − 27x + 50 − 16.
        let roots = [-1.0, 1].map { ((27 + $0 * Double(27 * 27 - 4 * 34).squareRoot()) / 2).squareRoot() }
        expectClose(
            statistics(networks, of: space), Tensor(naive([0] + roots) + naive([0, 5]), shape: [1, 14]),
            relativeError: 1e-14)
        let infinite = Feature(
            stored: [Tensor(repeating: .infinity, shape: [1, 3, 2, 2]), networks.blocks[1]], of: space)
        let said = statistics(infinite, of: space).elements(as: Double.self)
        #expect(said.allSatisfy { $0.isNaN })
    }

    @Test("kernels have the same statistics of every kind after permuting, by parameter and by role")
    func kernels() throws {
        let space = try WeightSpace.cnn(channels: [2, 5, 7, 6], kernels: [[3, 3], [2, 3], [1, 1]], dense: [4])
        var random = RandomSource(seed: 4)
        let parameters = space.blocks.map {
            Tensor.normal(shape: [3] + $0.shape, dtype: .float64, using: &random)
        }
        let permuted = try GroupElement.random(of: space.groups, using: &random).acting(on: parameters, in: space)
        func changed(_ change: (Tensor) -> Tensor) -> [Tensor] {
            parameters.map { $0.rank == 5 && $0.size(4) > 1 ? change($0) : $0 }
        }
        let turned = changed { $0.gathered(4, at: [2, 1, 0]) }
        // Outputs change places at some positions of each kernel alone.
        let torn = changed { kernel in
            let outputs = Array(1..<kernel.size(1)) + [0]
            return concatenate(
                [kernel.narrowed(4, to: 0..<1).gathered(1, at: outputs), kernel.narrowed(4, to: 1..<3)], axis: 4)
        }
        for division in [WeightStatistics.Division.parameters, .roles] {
            for view in WeightStatistics.View.allCases {
                let statistics = try WeightStatistics(of: [space], by: division, seenAs: [view])
                func values(_ parameters: [Tensor]) -> Tensor {
                    statistics(Feature(stored: parameters, of: space), of: space)
                }
                let expected = values(parameters)
                expectClose(values(permuted), expected, relativeError: 1e-12)
                expectClose(values(turned), expected, relativeError: 1e-12)
                let difference = relativeError(values(torn), expected)
                #expect(view == .weights ? difference < 1e-12 : difference > 1e-3)
            }
        }
    }

    @Test("permuted networks have the same statistics, changed ones do not")
    func invariance() throws {
        let sample = try SamplePopulation(count: 20)
        var random = RandomSource(seed: 2)
        func statistics(_ parameters: [Tensor], _ views: [WeightStatistics.View]) throws -> Tensor {
            try WeightStatistics(of: [sample.space], by: .parameters, seenAs: views)(
                Feature(stored: parameters.map { $0.to(.float64) }, of: sample.space), of: sample.space)
        }
        let element = GroupElement.random(of: sample.space.groups, using: &random)
        let permuted = try element.acting(on: sample.parameters, in: sample.space)
        let changed = [sample.parameters[0] * 1.01] + sample.parameters.dropFirst()
        let first = sample.parameters[0]
        let shuffled = [first.reshaped([20, -1]).gathered(1, at: [1, 0] + Array(2..<24)).reshaped(first.shape)]
        for view in [WeightStatistics.View.weights, .spectrum] {
            let expected = try statistics(sample.parameters, [view])
            // Sorting undoes a permutation exactly, a decomposition up to rounding.
            expectClose(
                try statistics(permuted, [view]), expected, relativeError: view == .weights ? 1e-14 : 1e-13)
            #expect(relativeError(try statistics(changed, [view]), expected) > 1e-3)
            // Two weights that change places leave all weights together alone, but not the matrix.
            let difference = relativeError(
                try statistics(shuffled + sample.parameters.dropFirst(), [view]), expected)
            #expect(view == .weights ? difference < 1e-13 : difference > 1e-3)
        }
    }

    @Test("what is stored tells what the statistics are of")
    func codable() throws {
        let space = try WeightSpace.mlp(widths: [2, 3, 1])
        for division in [WeightStatistics.Division.parameters, .roles] {
            let statistics = try WeightStatistics(
                of: [space], by: division, seenAs: WeightStatistics.View.allCases)
            let data = try JSONEncoder().encode(statistics)
            #expect(try JSONDecoder().decode(WeightStatistics.self, from: data) == statistics)
        }
        func decoded(_ views: [String]) throws -> WeightStatistics {
            let parts = views.map { #"{"name": "a", "view": "\#($0)"}"# }.joined(separator: ", ")
            return try JSONDecoder().decode(
                WeightStatistics.self, from: Data(#"{"division": "parameters", "parts": [\#(parts)]}"#.utf8))
        }
        #expect(throws: Never.self) { try decoded(["weights", "spectrum", "spectrum of sums"]) }
        #expect(throws: WeightSpaceError.self) { try decoded(["spectrum", "spectrum"]) }
        #expect(throws: DecodingError.self) { try decoded(["moments"]) }
        #expect(throws: DecodingError.self) { try decoded([]) }
    }

    @Test("statistics are a population that can be read like weights")
    func population() throws {
        let sample = try SamplePopulation(count: 20)
        let population = try sample.population(targets: sample.norms)
        let statistics = try WeightStatistics(of: [sample.space], by: .parameters)
        let values = statistics(population)
        let described = population.replacingWeights(by: statistics, values)
        #expect(described.space.blocks.prefix(2).map(\.name) == ["0.weight mean", "0.weight variance"])
        #expect(described.targets == population.targets && described.split == population.split)
        let row = described.groups(at: [5])[0].networks.blocks.map(\.item)
        expectClose(
            Tensor(row), values.narrowed(0, to: 5..<6).reshaped([-1]), relativeError: 1e-6)
    }
}

extension GroupElement {
    /// Permutes networks given as one array `[networks, stored shape…]` per block.
    func acting(on parameters: [Tensor], in space: WeightSpace) throws -> [Tensor] {
        let names = space.blocks.map(\.parameter)
        let moved = try acting(on: Dictionary(uniqueKeysWithValues: zip(names, parameters)), in: space)
        return names.compactMap { moved[$0] }
    }
}
