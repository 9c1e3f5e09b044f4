public import NeuralFunctionals
internal import Torch
public import WeightSpaces
public import Zoo

/// The networks of a zoo in memory, with their split: what tasks over implicit neural representations share.
public struct INRPopulation: Sendable {
    /// Where the networks come from.
    public let zoo: Zoo
    /// The structure of every network.
    public let space: WeightSpace
    /// Which networks are for what.
    public let split: Split
    /// One array `[networks, stored shape…]` per parameter.
    private let parameters: [Tensor]

    /// Loads all networks of a zoo.
    public init(_ zoo: Zoo, symmetry: NeuronSymmetry, split: Split) throws {
        self.zoo = zoo
        self.split = split
        space = try .mlp(widths: zoo.siren.widths, symmetry: symmetry)
        parameters = zoo.parameters
    }

    /// The weights of some networks, a feature with one channel.
    public func networks(at numbers: [Int]) -> Feature {
        Feature(stored: parameters.map { $0.gathered(0, at: numbers) }, of: space)
    }

    /// The weights of some networks whose pictures are warped at random (``SIREN/warped(_:strength:using:)``).
    func networks(at numbers: [Int], warpedBy strength: Double, using random: inout RandomSource) -> Feature {
        if strength == 0 { return networks(at: numbers) }
        let chosen = parameters.map { $0.gathered(0, at: numbers) }
        return Feature(stored: zoo.siren.warped(chosen, strength: strength, using: &random), of: space)
    }
}

extension [Int] {
    /// Consecutive parts of at most `size`, for evaluation in bounded memory.
    func parts(of size: Int) -> [[Int]] {
        stride(from: 0, to: count, by: size).map { Array(self[$0..<Swift.min($0 + size, count)]) }
    }
}
