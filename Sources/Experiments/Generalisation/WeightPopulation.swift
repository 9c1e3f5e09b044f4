public import NeuralFunctionals
public import Torch
public import WeightSpaces
public import Zoo

/// Trained networks of one architecture or several, and a number to predict for each, such as its test accuracy.
public struct WeightPopulation: Sendable {
    /// Networks of one architecture.
    public struct Stack: Sendable {
        /// The structure of each.
        public let space: WeightSpace
        /// Their numbers in the population.
        public let networks: [Int]
        /// One array `[networks, stored shape…]` per parameter, whose parts several blocks may view.
        let parameters: [Tensor]

        /// - Traps: when the parameters are not of as many networks of the space.
        public init(_ space: WeightSpace, networks: [Int], parameters: [Tensor]) {
            let shapes = space.parameters.map { [networks.count] + $0.shape }
            precondition(parameters.map(\.shape) == shapes, "expected \(shapes), got \(parameters.map(\.shape))")
            self.space = space
            self.networks = networks
            self.parameters = parameters
        }

        /// The weights of the networks in some rows, a feature with one channel.
        fileprivate func feature(at rows: [Int]) -> Feature {
            let chosen = Dictionary(
                uniqueKeysWithValues: zip(space.parameters, parameters).map { ($0.name, $1.gathered(0, at: rows)) })
            return Feature(stored: space.blocks.compactMap { chosen[$0.parameter] }, of: space)
        }
    }

    /// The networks, sorted by architecture.
    public let stacks: [Stack]
    /// Which networks are for what.
    public let split: Split
    /// What is to be predicted of each network.
    public let targets: [Double]
    /// The training run that each network is a checkpoint of, or the image that it shows.
    public let runs: [Int]
    /// The number that each network has where it comes from, such as a zoo; it is what reports call it.
    public let origins: [Int]
    /// Networks that have something in common, such as those with `activation relu`, to report on apart.
    public let subsets: [String: [Int]]
    /// Networks whose hidden neurons may be scaled, by the structure of their factors; each network once at most.
    let scalings: [ScalingStructure: [Int]]
    /// The stack of each network, and its row there.
    private let places: [(stack: Int, row: Int)]

    /// A population in memory.
    ///
    /// - Parameter origins: the numbers that networks have elsewhere, by default those that they have here.
    /// - Traps: when the stacks do not hold each network once, targets, runs and origins are not of equally many networks, a
    ///   target is not finite, a number in the split or a subset is no network's, or checkpoints of one run are on two sides
    ///   of the split.
    public init(
        _ stacks: [Stack], targets: [Double], runs: [Int], origins: [Int]? = nil, subsets: [String: [Int]] = [:],
        scalings: [ScalingStructure: [Int]] = [:], split: Split
    ) {
        let origins = origins ?? Array(targets.indices)
        precondition(
            [runs.count, origins.count].allSatisfy { $0 == targets.count },
            "expected runs and origins of \(targets.count) networks, got \(runs.count) and \(origins.count)")
        precondition(targets.allSatisfy(\.isFinite), "expected finite targets")
        let sides = [split.train, split.validation, split.test]
        precondition(
            (sides + subsets.values).allSatisfy { $0.allSatisfy(targets.indices.contains) },
            "expected numbers of \(targets.count) networks in the split and the subsets")
        precondition(!split.divides(runs), "expected every run on one side of the split")
        precondition(
            stacks.flatMap(\.networks).sorted() == Array(targets.indices), "expected each network in one stack, once")
        var places = [(stack: Int, row: Int)](repeating: (0, 0), count: targets.count)
        for (number, stack) in stacks.enumerated() {
            for (row, network) in stack.networks.enumerated() { places[network] = (number, row) }
        }
        self.stacks = stacks
        self.targets = targets
        self.runs = runs
        self.origins = origins
        self.subsets = subsets
        self.scalings = scalings
        self.split = split
        self.places = places
    }

    /// A population of one architecture, all networks in order; otherwise as described there.
    public init(
        _ space: WeightSpace, parameters: [Tensor], targets: [Double], runs: [Int], subsets: [String: [Int]] = [:],
        scalings: [ScalingStructure: [Int]] = [:], split: Split
    ) {
        self.init(
            [Stack(space, networks: Array(targets.indices), parameters: parameters)], targets: targets, runs: runs,
            subsets: subsets, scalings: scalings, split: split)
    }

    /// A checksum of what is to be predicted of which networks, and of which are for what.
    public var fingerprint: String {
        let sides = [split.train, split.validation, split.test].flatMap { [$0.count] + $0 }
        let words = targets.map(\.bitPattern) + (runs + sides).map { UInt64(truncatingIfNeeded: $0) }
        return words.withUnsafeBytes { String(CRC32(of: $0).value, radix: 16) }
    }

    /// Whether all networks have one architecture.
    public var isUniform: Bool { stacks.count == 1 }

    /// The structure of every network.
    ///
    /// - Traps: when there are several.
    public var space: WeightSpace {
        precondition(isUniform, "expected networks of one architecture, got \(stacks.count)")
        return stacks[0].space
    }

    /// Some networks of one architecture.
    public struct Group {
        /// Where they stand among the networks that were asked for.
        let positions: [Int]
        /// Their weights, a feature with one channel.
        public let networks: Feature
        /// Their structure.
        public let space: WeightSpace
    }

    /// Networks sorted by architecture.
    public func groups(at numbers: [Int]) -> [Group] {
        let positions = Dictionary(grouping: numbers.indices) { places[numbers[$0]].stack }
        return positions.sorted { $0.key < $1.key }.map { number, positions in
            let stack = stacks[number]
            let rows = positions.map { places[numbers[$0]].row }
            return Group(positions: positions, networks: stack.feature(at: rows), space: stack.space)
        }
    }

    /// Training networks that stand for all of them when means and deviations are measured: 4,096 of them, if there are as
    /// many, at even distances, since those of large populations would take several times their memory; and the first of
    /// each architecture.
    public func sample() -> [Group] {
        let count = min(split.train.count, 4096)
        var chosen = Set((0..<count).map { split.train[$0 * split.train.count / count] })
        var seen = Set<Int>()
        for network in split.train where seen.insert(places[network].stack).inserted { chosen.insert(network) }
        return groups(at: split.train.filter(chosen.contains))
    }

    /// The networks of some stacks as a population of their own, and their numbers in this one.
    func restricted(to stacks: [Stack]) -> (population: WeightPopulation, networks: [Int]) {
        let networks = stacks.flatMap(\.networks).sorted()
        let numbers = Dictionary(uniqueKeysWithValues: zip(networks, networks.indices))
        func renumbered(_ networks: [Int]) -> [Int] { networks.compactMap { numbers[$0] } }
        let population = WeightPopulation(
            stacks.map { Stack($0.space, networks: renumbered($0.networks), parameters: $0.parameters) },
            targets: networks.map { targets[$0] }, runs: networks.map { runs[$0] },
            origins: networks.map { origins[$0] },
            split: Split(
                train: renumbered(split.train), validation: renumbered(split.validation), test: renumbered(split.test)))
        return (population, networks)
    }

    /// The same networks, described by other parameters.
    func replacing(_ stacks: [Stack], keepsScalings: Bool) -> WeightPopulation {
        WeightPopulation(
            stacks, targets: targets, runs: runs, origins: origins, subsets: subsets,
            scalings: keepsScalings ? scalings : [:], split: split)
    }
}

extension [WeightPopulation.Group] {
    /// Rows that were computed for each group, in the order in which the networks were asked for.
    ///
    /// - Input: for each group `[networks, columns…]`.
    func ordered(_ rows: [Tensor]) -> Tensor {
        if count == 1 { return rows[0] }
        let positions = flatMap(\.positions)
        var order = [Int](repeating: 0, count: positions.count)
        for (place, position) in positions.enumerated() { order[position] = place }
        return concatenate(rows, axis: 0).gathered(0, at: order)
    }
}
