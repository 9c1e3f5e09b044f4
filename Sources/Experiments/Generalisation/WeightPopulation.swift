public import NeuralFunctionals
public import Torch
public import WeightSpaces
public import Zoo

/// Trained networks of one architecture and a number to predict for each, such as its test accuracy.
public struct WeightPopulation: Sendable {
    /// The structure of every network.
    public let space: WeightSpace
    /// Which networks are for what.
    public let split: Split
    /// What is to be predicted of each network.
    public let targets: [Double]
    /// The training run that each network is a checkpoint of.
    public let runs: [Int]
    /// Networks that have something in common, such as those with `activation relu`, to report on apart.
    public let subsets: [String: [Int]]
    /// One array `[networks, stored shape…]` per block.
    let parameters: [Tensor]
    /// Networks whose hidden neurons may be scaled, by the structure of their factors; each network once at most.
    let scalings: [ScalingStructure: [Int]]

    /// A population in memory.
    ///
    /// - Traps: when the parameters, targets and runs are not of equally many networks of the space, a target is not
    ///   finite, a number in the split or a subset is no network's, or checkpoints of one run are on two sides of the
    ///   split.
    public init(
        _ space: WeightSpace, parameters: [Tensor], targets: [Double], runs: [Int], subsets: [String: [Int]] = [:],
        scalings: [ScalingStructure: [Int]] = [:], split: Split
    ) {
        let shapes = space.blocks.map { [targets.count] + $0.shape }
        precondition(parameters.map(\.shape) == shapes, "expected \(shapes), got \(parameters.map(\.shape))")
        precondition(runs.count == targets.count, "expected \(targets.count) runs, got \(runs.count)")
        precondition(targets.allSatisfy(\.isFinite), "expected finite targets")
        let sides = [split.train, split.validation, split.test]
        precondition(
            (sides + subsets.values).allSatisfy { $0.allSatisfy(targets.indices.contains) },
            "expected numbers of \(targets.count) networks in the split and the subsets")
        let runsOfSides = sides.map { Set($0.map { runs[$0] }) }
        precondition(
            runsOfSides.reduce(0) { $0 + $1.count } == runsOfSides.reduce(into: Set()) { $0.formUnion($1) }.count,
            "expected every run on one side of the split")
        self.space = space
        self.parameters = parameters
        self.targets = targets
        self.runs = runs
        self.subsets = subsets
        self.scalings = scalings
        self.split = split
    }

    /// The weights of some networks, a feature with one channel.
    public func networks(at numbers: [Int]) -> Feature {
        Feature(stored: parameters.map { $0.gathered(0, at: numbers) }, of: space)
    }

    /// Training networks that stand for all of them when means and deviations are measured: at most 4,096, at even
    /// distances, since those of large populations would take several times their memory.
    func sample() -> Feature {
        let count = min(split.train.count, 4096)
        return networks(at: (0..<count).map { split.train[$0 * split.train.count / count] })
    }

    /// The same networks, each described by other parameters.
    func replacing(_ space: WeightSpace, parameters: [Tensor]) -> WeightPopulation {
        WeightPopulation(
            space, parameters: parameters, targets: targets, runs: runs, subsets: subsets,
            scalings: space == self.space ? scalings : [:], split: split)
    }
}
