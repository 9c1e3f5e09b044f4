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

    @Test("permuted networks have the same statistics, changed ones do not")
    func invariance() throws {
        let sample = try SamplePopulation(count: 20)
        var random = RandomSource(seed: 2)
        func statistics(_ parameters: [Tensor]) throws -> Tensor {
            try WeightStatistics(of: [sample.space], by: .parameters)(
                Feature(stored: parameters.map { $0.to(.float64) }, of: sample.space), of: sample.space)
        }
        let expected = try statistics(sample.parameters)
        let element = GroupElement.random(of: sample.space.groups, using: &random)
        expectClose(
            try statistics(try element.acting(on: sample.parameters, in: sample.space)), expected, relativeError: 1e-14)
        let changed = [sample.parameters[0] * 1.01] + sample.parameters.dropFirst()
        #expect(relativeError(try statistics(changed), expected) > 1e-3)
    }

    @Test("what is stored tells what the statistics are of")
    func codable() throws {
        let space = try WeightSpace.mlp(widths: [2, 3, 1])
        for division in [WeightStatistics.Division.parameters, .roles] {
            let statistics = try WeightStatistics(of: [space], by: division)
            let data = try JSONEncoder().encode(statistics)
            #expect(try JSONDecoder().decode(WeightStatistics.self, from: data) == statistics)
        }
        func decoded(_ parts: String) throws -> WeightStatistics {
            try JSONDecoder().decode(
                WeightStatistics.self, from: Data(#"{"division": "parameters", "parts": \#(parts)}"#.utf8))
        }
        #expect(throws: Never.self) { try decoded(#"["a", "b"]"#) }
        #expect(throws: WeightSpaceError.self) { try decoded(#"["a", "a"]"#) }
        #expect(throws: DecodingError.self) { try decoded("[]") }
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
