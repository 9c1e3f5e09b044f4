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

    /// Permutations outside of the groups: of one parameter alone along an axis that a group couples with others, and
    /// along axes that are fixed.
    ///
    /// - Parameter parameters: the weights: where their elements along an axis are equal, as in a mask of zeros, permuting
    ///   them shows nothing.
    func controlTrials(of parameters: [String: Tensor], using random: inout RandomSource) -> [PermutationTrial] {
        var trials: [PermutationTrial] = []
        let coupled = space.blocks.filter { Set($0.groups).count == $0.groups.count }.flatMap { block in
            block.axes.indices.filter { block.axes[$0].group != nil }.map { (block, $0) }
        }
        if let (block, axis) = coupled.max(by: { $0.0.count < $1.0.count }), let group = block.axes[axis].group {
            let permutation = Permutation.moving(space.groups[group].size, using: &random)
            let space = space
            trials.append(
                PermutationTrial(subject: "\(block.name), axis \(axis) alone") { parameters in
                    let stored = try space.parameter(block, of: parameters)
                    let part = space.part(block, of: stored)
                    let moved = part.reshaped(space.axisSizes(of: block))
                        .gathered(axis, at: permutation.images).reshaped(part.shape)
                    return [block.parameter: space.replacing(block, of: stored, by: moved)]
                })
        }
        func shows(_ fixed: FixedAxis) -> Bool {
            guard fixed.range.count > 1, let stored = parameters[fixed.parameter] else { return fixed.range.count > 1 }
            return !stored.isConstant(along: fixed.axis, in: fixed.range)
        }
        // Vectors may be scales of a resize, which decide about shapes.
        let vectors = Set(space.blocks.filter { $0.shape.count < 2 }.map(\.parameter))
        let matrices = fixedAxes.filter { !vectors.contains($0.parameter) }
        let candidates = matrices.isEmpty ? fixedAxes : matrices
        let telling = candidates.filter(shows)
        for fixed in telling.count > 1 ? [telling[0], telling[telling.count - 1]] : telling {
            let permutation = Permutation.moving(fixed.range.count, using: &random)
            trials.append(
                PermutationTrial(subject: "\(fixed.parameter), fixed axis \(fixed.axis)") { parameters in
                    guard let stored = parameters[fixed.parameter] else {
                        throw WeightSpaceError.missingParameter(fixed.parameter, found: parameters.keys.sorted())
                    }
                    var images = Array(0..<stored.size(fixed.axis))
                    images.replaceSubrange(fixed.range, with: permutation.images.map { $0 + fixed.range.lowerBound })
                    return [fixed.parameter: stored.gathered(fixed.axis, at: images)]
                })
        }
        return trials
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
