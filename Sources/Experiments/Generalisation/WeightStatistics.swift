internal import Foundation
internal import NeuralFunctionals
public import Torch
internal import WeightSpaces

/// Seven numbers for each part of a network, which no permutation of neurons changes ("StatNN").
///
/// The mean, the variance `Σ(x − x̄)² / n`, and the quantiles 0, ¼, ½, ¾ and 1, linear between neighbours.
///
/// - Source: Unterthiner et al. 2020, arXiv:2002.11448, section 3.
public struct WeightStatistics: Sendable {
    /// What the statistics are taken of.
    public enum Division: Sendable {
        /// Each parameter by itself. What a network does not have counts as zeros.
        case parameters
        /// All parameters of one role together, weights times √fan-in, with an eighth number: `log(1 + n)` of the n
        /// parameters. Networks of different depth and width have the same roles.
        case roles

        fileprivate func part(of block: Block, in space: WeightSpace) -> String {
            switch self {
            case .parameters: block.name
            case .roles: space.role(of: block, distinguishesSizes: false).pattern
            }
        }
    }

    /// One row per network in float64: the statistics of the first part, then of the next.
    public let values: Tensor
    /// The names of the columns.
    let names: [String]

    private static let quantiles = [0, 0.25, 0.5, 0.75, 1]

    /// The statistics of all networks of a population.
    ///
    /// - Throws: what libtorch refuses.
    public init(of population: WeightPopulation, by division: Division = .parameters) throws {
        var (seen, parts) = (Set<String>(), [String]())
        for stack in population.stacks {
            parts += stack.space.blocks.map { division.part(of: $0, in: stack.space) }.filter {
                seen.insert($0).inserted
            }
        }
        let statistics =
            ["mean", "variance"] + Self.quantiles.map { "quantile \($0)" } + (division == .roles ? ["count"] : [])
        names = parts.flatMap { part in statistics.map { "\(part) \($0)" } }
        let slices = Array(population.targets.indices).parts(of: 64)
        values = concatenate(
            try Runtime.concurrentMap(slices.count) { [parts] index in
                let groups = population.groups(at: slices[index])
                return groups.ordered(try groups.map { try Self.statistics(of: $0, parts, division) })
            }, axis: 0)
    }

    /// - Output: `[networks, columns]` in float64.
    private static func statistics(
        of group: WeightPopulation.Group, _ parts: [String], _ division: Division
    ) throws -> Tensor {
        let space = group.space
        let blocks = Dictionary(grouping: space.blocks.indices) { division.part(of: space.blocks[$0], in: space) }
        return concatenate(
            try parts.map { part in
                let blocks = blocks[part] ?? []
                let weights = blocks.map { index in
                    let weights = group.networks.blocks[index].reshaped([group.positions.count, -1]).to(.float64)
                    return division == .roles ? weights * Double(space.blocks[index].fanIn).squareRoot() : weights
                }
                let numbers =
                    weights.isEmpty
                    ? .zeros([group.positions.count, quantiles.count + 2], dtype: .float64)
                    : try statistics(of: concatenate(weights, axis: 1))
                if division == .parameters { return numbers }
                let count = Tensor(
                    repeating: log1p(Double(blocks.count)), shape: [group.positions.count, 1], dtype: .float64)
                return concatenate([numbers, count], axis: 1)
            }, axis: 1)
    }

    /// - Input: `[networks, n]` in float64.
    /// - Output: `[networks, 7]`.
    private static func statistics(of weights: Tensor) throws -> Tensor {
        let mean = weights.mean([1], keepingAxes: true)
        let variance = (weights - mean).squared.mean([1], keepingAxes: true)
        let positions = quantiles.map { $0 * Double(weights.size(1) - 1) }
        let sorted = try aten("sort", weights, 1, false)
        let lower = sorted.gathered(1, at: positions.map { Int($0.rounded(.down)) })
        let upper = sorted.gathered(1, at: positions.map { Int($0.rounded(.up)) })
        let parts = Tensor(positions.map { $0 - $0.rounded(.down) })
        return concatenate([mean, variance, lower + (upper - lower) * parts], axis: 1)
    }
}

extension WeightPopulation {
    /// The same networks with their statistics as parameters, each of shape `[1]` and with no symmetry left, so that what
    /// reads weights can read statistics.
    func replacingWeights(by statistics: WeightStatistics) throws -> WeightPopulation {
        let space = try WeightSpace(
            groups: [], blocks: statistics.names.map { Block(parameter: $0, shape: [1], axes: [.fixed(1)]) })
        let parameters = statistics.names.indices.map { statistics.values.narrowed(1, to: $0..<$0 + 1).to(.float32) }
        return replacing(
            [Stack(space, networks: Array(targets.indices), parameters: parameters)], keepsScalings: false)
    }
}
