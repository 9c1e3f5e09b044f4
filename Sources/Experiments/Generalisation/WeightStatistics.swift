internal import NeuralFunctionals
public import Torch
internal import WeightSpaces

/// Seven numbers for each parameter of a network, which no permutation of neurons changes ("StatNN").
///
/// The mean, the variance `Σ(x − x̄)² / n`, and the quantiles 0, ¼, ½, ¾ and 1, linear between neighbours.
///
/// - Source: Unterthiner et al. 2020, arXiv:2002.11448, section 3.
public struct WeightStatistics: Sendable {
    /// The statistics' names, in order.
    static let names = ["mean", "variance"] + quantiles.map { "quantile \($0)" }
    private static let quantiles = [0, 0.25, 0.5, 0.75, 1]

    /// One row per network, `[networks, 7 · blocks]` in float64: the statistics of the first block, then of the next.
    public let values: Tensor

    /// The statistics of all networks of a population.
    ///
    /// - Throws: what libtorch refuses.
    public init(of population: WeightPopulation) throws {
        let parts = Array(population.targets.indices).parts(of: 64)
        values = concatenate(
            try Runtime.concurrentMap(parts.count) { index in
                try Self.statistics(of: population.networks(at: parts[index]))
            }, axis: 0)
    }

    /// - Input: weights, a feature with one channel.
    /// - Output: `[batch, 7 · blocks]` in float64.
    static func statistics(of networks: Feature) throws -> Tensor {
        let blocks = try networks.blocks.map { block in
            let weights = block.reshaped([networks.batch, -1]).to(.float64)
            let mean = weights.mean([1], keepingAxes: true)
            let variance = (weights - mean).squared.mean([1], keepingAxes: true)
            let positions = quantiles.map { $0 * Double(weights.size(1) - 1) }
            let sorted = try aten("sort", weights, 1, false)
            let lower = sorted.gathered(1, at: positions.map { Int($0.rounded(.down)) })
            let upper = sorted.gathered(1, at: positions.map { Int($0.rounded(.up)) })
            let parts = Tensor(positions.map { $0 - $0.rounded(.down) })
            return concatenate([mean, variance, lower + (upper - lower) * parts], axis: 1)
        }
        return concatenate(blocks, axis: 1)
    }
}

extension WeightPopulation {
    /// The same networks with their statistics as parameters, each of shape `[1]` and with no symmetry left, so that what
    /// reads weights can read statistics.
    func replacingWeights(by statistics: WeightStatistics) throws -> WeightPopulation {
        let names = space.blocks.flatMap { block in WeightStatistics.names.map { "\(block.name) \($0)" } }
        let statisticsSpace = try WeightSpace(
            groups: [], blocks: names.map { Block(parameter: $0, shape: [1], axes: [.fixed(1)]) })
        return replacing(
            statisticsSpace,
            parameters: names.indices.map { statistics.values.narrowed(1, to: $0..<$0 + 1).to(.float32) })
    }
}
