internal import Foundation
public import Torch

/// Factors of a weight space's neurons, which leave the networks' functions alone.
///
/// `(s · U)[i, j] = aᵢ · U[i, j] / aⱼ` for a block that writes neurons `i` and reads neurons `j`. An element holds factors
/// for all networks alike or for each network of a batch; it augments data, or brings networks to their canonical form.
public struct ScalingElement: Sendable {
    /// Which axes take the factors.
    public let structure: ScalingStructure
    /// `a` in float64, `[networks or 1, neurons]`, by the number of the group.
    public let factors: [Int: Tensor]

    package init(_ factors: [Int: Tensor], of structure: ScalingStructure) {
        self.structure = structure
        self.factors = factors
    }

    /// Random factors: signs from a fair coin, positive factors log-uniform in `magnitudes`.
    ///
    /// - Parameter networks: 1 for the same factors in all networks of a batch, or the size of the batch.
    /// - Traps: when `magnitudes` does not start above zero.
    public static func random(
        of structure: ScalingStructure, networks: Int = 1, magnitudes: ClosedRange<Double> = 0.5...2,
        using random: inout RandomSource
    ) -> ScalingElement {
        precondition(magnitudes.lowerBound > 0, "expected positive magnitudes, got \(magnitudes)")
        let (least, ratio) = (magnitudes.lowerBound, magnitudes.upperBound / magnitudes.lowerBound)
        var factors: [Int: Tensor] = [:]
        for layer in structure.layers {
            let shape = [networks, structure.space.groups[layer.group].size]
            let uniform = Tensor.uniform(shape: shape, dtype: .float64, using: &random)
            factors[layer.group] =
                switch layer.scaling {
                case .sign: uniform.signs(negativeBelow: 0.5)
                case .positive: exp(uniform * log(ratio)) * least
                }
        }
        return ScalingElement(factors, of: structure)
    }

    /// `s⁻¹`
    public var inverse: ScalingElement { ScalingElement(factors.mapValues(\.reciprocal), of: structure) }

    /// `s · t`
    ///
    /// - Traps: when the structures differ.
    public func composed(with other: ScalingElement) -> ScalingElement {
        precondition(structure == other.structure, "expected elements of one structure")
        return ScalingElement(factors.merging(other.factors) { $0 * $1 }, of: structure)
    }

    /// Scales the blocks of a batch of networks, `[networks, permuted axes…, channels]`, all channels alike.
    public func acting(on blocks: [Tensor]) -> [Tensor] {
        let count = structure.space.blocks.count
        precondition(blocks.count == count, "expected \(count) blocks, got \(blocks.count)")
        let inverses = factors.mapValues(\.reciprocal)
        return blocks.enumerated().map {
            structure.multiplying($0.element, ofBlock: $0.offset, written: factors, read: inverses)
        }
    }

    /// Scales a network, or networks with batch axes in front of each parameter's stored shape.
    ///
    /// - Throws: ``WeightSpaceError`` when a parameter is missing or has another shape.
    public func acting(on networks: [String: Tensor]) throws -> [String: Tensor] {
        let space = structure.space
        var result = networks
        for (block, scaled) in zip(space.blocks, acting(on: try space.batchedViews(of: networks))) {
            let stored = try space.parameter(block, of: result)
            let batch = Array(stored.shape.dropLast(block.shape.count))
            result[block.parameter] = space.replacing(
                block, of: stored, by: space.stored(scaled, block).reshaped(batch + block.viewShape))
        }
        return result
    }
}

extension WeightSpace {
    /// The blocks of networks, with their batch axes in one: `[networks, permuted axes…, F]`.
    func batchedViews(of networks: [String: Tensor]) throws -> [Tensor] {
        var batch: [Int]?
        return try blocks.map { block in
            let stored = try parameter(block, of: networks)
            let found = Array(stored.shape.dropLast(block.shape.count))
            guard found == batch ?? found else {
                throw WeightSpaceError.shape(
                    block.parameter, expected: (batch ?? []) + block.shape, found: stored.shape)
            }
            batch = found
            return channelsLast(stored.reshaped([found.reduce(1, *)] + block.shape), block)
        }
    }
}

extension Tensor {
    /// `1 / xᵢ`
    var reciprocal: Tensor { Tensor.ones([1], dtype: dtype, on: device) / self }

    /// −1 where an element is below a bound, otherwise 1, in float64.
    func signs(negativeBelow bound: Double) -> Tensor { isBelow(bound) * -2 + 1 }

    /// 1 where an element is below a bound, otherwise 0, in float64.
    func isBelow(_ bound: Double) -> Tensor {
        (self .< Tensor(repeating: bound, shape: [1], dtype: dtype, on: device)).to(.float64)
    }
}
