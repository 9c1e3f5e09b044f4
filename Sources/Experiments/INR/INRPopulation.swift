public import NeuralFunctionals
internal import Torch
public import WeightSpaces
public import Zoo

/// The networks of a zoo with their split: what tasks over implicit neural representations share. Weights are read from
/// disk when they are asked for.
public struct INRPopulation: Sendable {
    /// Where the networks come from.
    public let zoo: INRZoo
    /// The structure of every network.
    public let space: WeightSpace
    /// Which networks are for what.
    public private(set) var split: Split

    public init(_ zoo: INRZoo, symmetry: NeuronSymmetry, split: Split) throws {
        self.zoo = zoo
        self.split = split
        space = try .mlp(widths: zoo.siren.widths, symmetry: symmetry)
    }

    /// The same without networks that do not meet a condition.
    func restricted(to condition: (Int) -> Bool) -> INRPopulation {
        var population = self
        population.split = Split(
            train: split.train.filter(condition), validation: split.validation.filter(condition),
            test: split.test.filter(condition))
        return population
    }

    /// The weights of some networks, a feature with one channel.
    public func networks(at numbers: [Int]) -> Feature { Feature(stored: zoo.parameters(at: numbers), of: space) }

    /// Training networks enough to measure the size of weights by.
    func typicalNetworks() -> Feature {
        let stride = max(1, split.train.count / 4096)
        return networks(at: split.train.indices.filter { $0.isMultiple(of: stride) }.map { split.train[$0] })
    }

    /// The weights of some networks whose pictures are warped at random (``SIREN/warped(_:strength:using:)``).
    func networks(at numbers: [Int], warpedBy strength: Double, using random: inout RandomSource) -> Feature {
        if strength == 0 { return networks(at: numbers) }
        let chosen = zoo.parameters(at: numbers)
        return Feature(stored: zoo.siren.warped(chosen, strength: strength, using: &random), of: space)
    }
}

extension [Int] {
    /// Consecutive parts of at most `size`, for evaluation in bounded memory.
    func parts(of size: Int) -> [[Int]] {
        stride(from: 0, to: count, by: size).map { Array(self[$0..<Swift.min($0 + size, count)]) }
    }
}
