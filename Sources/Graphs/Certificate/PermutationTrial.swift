import Torch
import WeightSpaces

/// A permutation of some weights of a network.
struct PermutationTrial: Sendable {
    /// What is permuted.
    let subject: String
    /// The permuted weights, given all of them.
    let permute: @Sendable ([String: Tensor]) throws -> [String: Tensor]
}

extension NetworkSymmetries {
    /// For each group a random permutation of its neurons, on all axes that carry it.
    func groupTrials(using random: inout RandomSource) -> [PermutationTrial] {
        space.groups.indices.map { group in
            let element = GroupElement(
                space.groups.enumerated().map { number, each in
                    number == group ? .moving(each.size, using: &random) : .identity(each.size)
                })
            let space = space
            return PermutationTrial(subject: space.groups[group].name) { parameters in
                let moved = space.blocks.filter { $0.groups.contains(group) }
                let part = try WeightSpace(groups: space.groups, blocks: moved)
                let names = Set(moved.map(\.parameter))
                return try element.acting(on: parameters.filter { names.contains($0.key) }, in: part)
            }
        }
    }

    /// For each group what shows whether the outputs depend on it: a permutation of its largest weight alone, then random
    /// changes of all its weights.
    func disturbances(using random: inout RandomSource) -> [[PermutationTrial]] {
        space.groups.indices.map { group in
            let coupled = space.blocks.filter { $0.groups.contains(group) }
            let single = coupled.filter { $0.groups.count { $0 == group } == 1 }.max { $0.count < $1.count }
            let alone = single.map { permutingAlone($0, group, using: &random) }
            return [alone].compactMap(\.self) + [disturbing(group, in: coupled, seed: random.next())]
        }
    }

    /// A permutation of a block along the axis that carries a group, and of nothing else.
    private func permutingAlone(_ block: Block, _ group: Int, using random: inout RandomSource) -> PermutationTrial {
        let axis = block.axes.firstIndex { $0.group == group } ?? 0
        let permutation = Permutation.moving(space.groups[group].size, using: &random)
        let space = space
        return PermutationTrial(subject: "\(block.name), axis \(axis) alone") { parameters in
            let stored = try space.parameter(block, of: parameters)
            let part = space.part(block, of: stored)
            let moved = part.reshaped(space.axisSizes(of: block))
                .gathered(axis, at: permutation.images).reshaped(part.shape)
            return [block.parameter: space.replacing(block, of: stored, by: moved)]
        }
    }

    /// Random changes of all blocks that carry a group: noise, or other places where elements are integers.
    private func disturbing(_ group: Int, in blocks: [Block], seed: UInt64) -> PermutationTrial {
        let space = space
        return PermutationTrial(subject: "all weights of \(space.groups[group].name)") { parameters in
            var random = RandomSource(seed: seed)
            var result: [String: Tensor] = [:]
            for block in blocks {
                let stored = try space.parameter(block, of: parameters.merging(result) { $1 })
                let part = space.part(block, of: stored)
                let changed: Tensor
                if part.dtype.isFloatingPoint {
                    let size = part.magnitude.maximum(Array(0..<part.rank)).item
                    let noise = Tensor.normal(shape: part.shape, dtype: part.dtype, using: &random)
                    changed = part + noise * (size > 0 && size.isFinite ? size / 2 : 1)
                } else {
                    let order = Permutation.moving(part.count, using: &random)
                    changed = part.reshaped([part.count]).gathered(0, at: order.images).reshaped(part.shape)
                }
                result[block.parameter] = space.replacing(block, of: stored, by: changed)
            }
            return result
        }
    }

    /// Permutations along fixed axes, the ones that are likely to show first: those at the network's two ends, and of
    /// matrices before vectors.
    ///
    /// - Parameter parameters: the weights: where their elements along an axis are equal, as in a mask of zeros, permuting
    ///   them shows nothing.
    func fixedTrials(of parameters: [String: Tensor], using random: inout RandomSource) -> [PermutationTrial] {
        func shows(_ fixed: FixedAxis) -> Bool {
            guard fixed.range.count > 1, let stored = parameters[fixed.parameter] else { return false }
            return !stored.isConstant(along: fixed.axis, in: fixed.range)
        }
        // Vectors may be scales of a resize, which decide about shapes.
        let vectors = Set(space.blocks.filter { $0.shape.count < 2 }.map(\.parameter))
        let matrices = fixedAxes.filter { !vectors.contains($0.parameter) }
        let ordered = [matrices, fixedAxes.filter { vectors.contains($0.parameter) }].flatMap(Self.fromBothEnds)
        return Array(ordered.lazy.filter(shows).prefix(Self.mostFixedTrials)).map { fixed in
            let permutation = Permutation.moving(fixed.range.count, using: &random)
            return PermutationTrial(subject: "\(fixed.parameter), fixed axis \(fixed.axis)") { parameters in
                guard let stored = parameters[fixed.parameter] else {
                    throw WeightSpaceError.missingParameter(fixed.parameter, found: parameters.keys.sorted())
                }
                var images = Array(0..<stored.size(fixed.axis))
                images.replaceSubrange(fixed.range, with: permutation.images.map { $0 + fixed.range.lowerBound })
                return [fixed.parameter: stored.gathered(fixed.axis, at: images)]
            }
        }
    }

    /// How many fixed axes are tried before it is said that none has an effect.
    private static let mostFixedTrials = 8

    /// The first, the last, the second, the last but one, and so on.
    private static func fromBothEnds(_ axes: [FixedAxis]) -> [FixedAxis] {
        axes.indices.map { $0.isMultiple(of: 2) ? axes[$0 / 2] : axes[axes.count - 1 - $0 / 2] }
    }
}

extension Permutation {
    /// A random permutation that moves every point but perhaps a few: a cycle through all of them.
    static func moving(_ count: Int, using random: inout RandomSource) -> Permutation {
        let order = (0..<count).shuffled(using: &random)
        var images = order
        for (index, point) in order.enumerated() { images[point] = order[(index + 1) % count] }
        return Permutation(images)
    }
}
