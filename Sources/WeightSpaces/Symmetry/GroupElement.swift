public import Torch

/// An element of a weight space's symmetry group: one permutation per group, acting on every axis that it labels.
///
/// `(g · U)[π(i), σ(j)] = U[i, j]` for a block with axes permuted by π and σ.
public struct GroupElement: Hashable, Sendable {
    /// The permutation of each group, in the space's order.
    public let permutations: [Permutation]

    /// An element made of one permutation per group.
    public init(_ permutations: [Permutation]) { self.permutations = permutations }

    /// The element that moves nothing.
    public static func identity(of groups: [PermutationGroup]) -> GroupElement {
        GroupElement(groups.map { .identity($0.size) })
    }

    /// A uniformly random element; groups whose neurons are ordered stay as they are unless `movingOrdered`.
    public static func random(
        of groups: [PermutationGroup], movingOrdered: Bool = true, using random: inout RandomSource
    ) -> GroupElement {
        GroupElement(
            groups.map { group in
                group.isOrdered && !movingOrdered ? .identity(group.size) : .random(group.size, using: &random)
            })
    }

    /// `g⁻¹`
    public var inverse: GroupElement { GroupElement(permutations.map(\.inverse)) }

    /// `g · h`, which applies `h` first.
    public func composed(with inner: GroupElement) -> GroupElement {
        GroupElement(zip(permutations, inner.permutations).map { $0.composed(with: $1) })
    }

    /// Permutes consecutive axes of an array, one group label per axis, the first label on axis `firstAxis`.
    public func acting(on array: Tensor, labels: [Int], firstAxis: Int) -> Tensor {
        labels.enumerated().reduce(array) { result, label in
            result.gathered(firstAxis + label.offset, at: permutations[label.element].inverse.images)
        }
    }

    /// Permutes a network: a parameter with its stored shape, or with batch axes in front.
    ///
    /// - Throws: ``WeightSpaceError`` when a parameter is missing or has another shape.
    public func acting(on network: [String: Tensor], in space: WeightSpace) throws -> [String: Tensor] {
        var result = network
        for block in space.blocks {
            let stored = try space.parameter(block, of: result)
            let batch = Array(stored.shape.dropLast(block.shape.count))
            let part = space.part(block, of: stored)
            let view = part.reshaped(batch + space.axisSizes(of: block))
            let moved = block.axes.enumerated().reduce(view) { result, axis in
                guard let group = axis.element.group else { return result }
                return acting(on: result, labels: [group], firstAxis: batch.count + axis.offset)
            }
            result[block.parameter] = space.replacing(block, of: stored, by: moved.reshaped(part.shape))
        }
        return result
    }
}

extension WeightSpace {
    /// The block's parameter in a network, checked to end in the block's shape.
    public func parameter(_ block: Block, of network: [String: Tensor]) throws -> Tensor {
        guard let stored = network[block.parameter] else {
            throw WeightSpaceError.missingParameter(block.parameter, found: network.keys.sorted())
        }
        guard stored.shape.suffix(block.shape.count).elementsEqual(block.shape) else {
            throw WeightSpaceError.shape(block.parameter, expected: block.shape, found: stored.shape)
        }
        return stored
    }
}
