internal import Foundation
public import NeuralFunctionals
public import Torch
public import WeightSpaces

/// Seven numbers for each part of a network, which no permutation of neurons changes: the mean, the variance
/// `Σ(x − x̄)² / n`, and the quantiles 0, ¼, ½, ¾ and 1, linear between neighbours.
///
/// Of the weights themselves they are "StatNN". Singular values are what rotations of rows and columns leave of a matrix.
///
/// - Source: Unterthiner et al. 2020, arXiv:2002.11448, section 3.
public struct WeightStatistics: Hashable, Sendable {
    /// What the statistics are taken of.
    public enum Division: String, Sendable, Codable {
        /// Each parameter by itself. What a network does not have counts as zeros.
        case parameters
        /// All parameters of one role together. Of weights, times √fan-in, there is an eighth number: `log(1 + n)` of the n
        /// parameters. Networks of different depth and width have the same roles.
        case roles

        fileprivate func name(of block: Block, in space: WeightSpace) -> String {
            switch self {
            case .parameters: block.name
            case .roles: space.role(of: block, distinguishesSizes: false).pattern
            }
        }

        /// Whether what is seen is multiplied by √fan-in, and counted.
        fileprivate func counts(_ view: View) -> Bool { self == .roles && view == .weights }
    }

    /// Numbers that statistics are taken of together.
    private struct Part: Hashable, Codable {
        var name: String
        var view: View
    }

    private let division: Division
    private let parts: [Part]
    /// Networks that have the statistics as parameters, each of shape `[1]` and with no symmetry left, so that what reads
    /// weights can read statistics.
    public let space: WeightSpace

    /// How many networks are computed together: sorting takes several times the memory of what is sorted.
    private static let slice = 64
    /// How many weights are, unless one network has more.
    private static let sliceWeights = 4_000_000
    private static let quantiles = [0, 0.25, 0.5, 0.75, 1]

    /// The statistics of all parts that networks of some spaces have.
    ///
    /// - Throws: `WeightSpaceError`.
    public init(of spaces: [WeightSpace], by division: Division, seenAs views: [View] = [.weights]) throws {
        let parts = spaces.flatMap { space in
            space.blocks.flatMap { block in
                views.filter { $0.shows(block) }.map { Part(name: division.name(of: block, in: space), view: $0) }
            }
        }
        var seen = Set<Part>()
        try self.init(parts: parts.filter { seen.insert($0).inserted }, division)
    }

    private init(parts: [Part], _ division: Division) throws {
        self.division = division
        self.parts = parts
        space = try WeightSpace(
            groups: [],
            blocks: parts.flatMap { part in
                let name = part.view == .weights ? part.name : "\(part.name) \(part.view.rawValue)"
                let count = division.counts(part.view) ? ["count"] : []
                return (["mean", "variance"] + Self.quantiles.map { "quantile \($0)" } + count).map { statistic in
                    Block(parameter: "\(name) \(statistic)", shape: [1], axes: [.fixed(1)])
                }
            })
    }

    /// The statistics of networks of one architecture.
    ///
    /// - Input: weights, a feature with one channel.
    /// - Output: `[networks, columns]` in float64: the statistics of the first part, then of the next.
    public func callAsFunction(_ networks: Feature, of space: WeightSpace) -> Tensor {
        let size = min(Self.slice, max(Self.sliceWeights / max(space.parameterCount, 1), 1))
        let slices = Array(0..<networks.batch).parts(of: size)
        if slices.count > 1 {
            return concatenate(
                Runtime.concurrentMap(slices.count) { index in
                    self(networks.map { $0.gathered(0, at: slices[index]) }, of: space)
                }, axis: 0)
        }
        let blocks = Dictionary(grouping: space.blocks.indices) { division.name(of: space.blocks[$0], in: space) }
        return concatenate(
            parts.map { part in
                let blocks = blocks[part.name] ?? []
                let numbers = blocks.map { index in
                    let numbers = part.view(networks.blocks[index].to(.float64), space.blocks[index])
                    return division.counts(part.view)
                        ? numbers * Double(space.blocks[index].fanIn).squareRoot() : numbers
                }
                let statistics =
                    numbers.isEmpty
                    ? .zeros([networks.batch, Self.quantiles.count + 2], dtype: .float64)
                    : Self.statistics(of: concatenate(numbers, axis: 1))
                guard division.counts(part.view) else { return statistics }
                let count = Tensor(repeating: log1p(Double(blocks.count)), shape: [networks.batch, 1], dtype: .float64)
                return concatenate([statistics, count], axis: 1)
            }, axis: 1)
    }

    /// The statistics of all networks of a population, one row each, as ``callAsFunction(_:of:)`` has them.
    ///
    /// - Parameter checkpoint: is called before every few networks, on any thread, and may throw to stop.
    public func callAsFunction<Failure: Error>(
        _ population: WeightPopulation, checkpoint: @Sendable () throws(Failure) -> Void
    ) throws(Failure) -> Tensor {
        let slices = Array(population.targets.indices).parts(of: Self.slice)
        return concatenate(
            try Runtime.concurrentMap(slices.count) { index throws(Failure) in
                try checkpoint()
                let groups = population.groups(at: slices[index])
                return groups.ordered(groups.map { self($0.networks, of: $0.space) })
            }, axis: 0)
    }

    /// The statistics of all networks of a population, one row each, as ``callAsFunction(_:of:)`` has them.
    public func callAsFunction(_ population: WeightPopulation) -> Tensor {
        self(population) { () throws(Never) in }
    }

    /// Statistics as the parameters of networks of ``space``.
    ///
    /// - Input: `[networks, columns]`.
    /// - Output: for each column `[networks, 1]`.
    func parameters(_ values: Tensor) -> [Tensor] { values.split(1, into: [Int](repeating: 1, count: values.size(1))) }

    /// - Input: `[networks, n]` in float64.
    /// - Output: `[networks, 7]`.
    private static func statistics(of weights: Tensor) -> Tensor {
        let mean = weights.mean([1], keepingAxes: true)
        let variance = (weights - mean).squared.mean([1], keepingAxes: true)
        let positions = quantiles.map { $0 * Double(weights.size(1) - 1) }
        let sorted = weights.sorted(1)
        let lower = sorted.gathered(1, at: positions.map { Int($0.rounded(.down)) })
        let upper = sorted.gathered(1, at: positions.map { Int($0.rounded(.up)) })
        let parts = Tensor(positions.map { $0 - $0.rounded(.down) })
        return concatenate([mean, variance, lower + (upper - lower) * parts], axis: 1)
    }
}

extension WeightStatistics: Codable {
    private enum CodingKeys: CodingKey {
        case division, parts
    }

    public init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        let parts = try container.decode([Part].self, forKey: .parts)
        if parts.isEmpty {
            throw DecodingError.dataCorruptedError(forKey: .parts, in: container, debugDescription: "expected parts")
        }
        try self.init(parts: parts, try container.decode(Division.self, forKey: .division))
    }

    public func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(division, forKey: .division)
        try container.encode(parts, forKey: .parts)
    }
}

extension Tensor {
    /// Ascending along an axis.
    fileprivate func sorted(_ axis: Int) -> Tensor {
        do { return try aten("sort", self, axis, false) } catch { preconditionFailure("\(error)") }
    }
}

extension WeightPopulation {
    /// The same networks with their statistics as parameters.
    func replacingWeights(by statistics: WeightStatistics, _ values: Tensor) -> WeightPopulation {
        replacing(
            [
                Stack(
                    statistics.space, networks: Array(targets.indices),
                    parameters: statistics.parameters(values.to(.float32)))
            ],
            keepsScalings: false)
    }
}
