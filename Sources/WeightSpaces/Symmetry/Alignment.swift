public import Torch

/// The permutation that brings one network as close to another as a search finds.
///
/// Neurons are told apart by signatures (``NeuronSignatures``); two copies of one network, however permuted, are matched
/// by them exactly, unless neurons are alike. Then groups are matched in turn, each by the inner products of its weights,
/// as long as that brings the networks closer.
///
/// - Source: the second step is weight matching, Ainsworth et al., arXiv:2209.04836, algorithm 1.
public struct Alignment: Sendable {
    /// `g`, such that `g · a` is close to `b`.
    public private(set) var element: GroupElement

    private let space: WeightSpace
    /// The blocks of both networks, `[permuted axes…, F]`.
    private let a: [Tensor]
    private let b: [Tensor]

    /// Matches the neurons of two networks of one weight space.
    ///
    /// - Parameter rounds: how often all groups are matched again, at most.
    /// - Throws: `WeightSpaceError` when a parameter is missing, has another shape, or holds NaN or infinite values along a
    ///   permuted axis.
    public init(of a: [String: Tensor], to b: [String: Tensor], in space: WeightSpace, rounds: Int = 10) throws {
        self.space = space
        (self.a, self.b) = Self.scaled(try space.views(of: a), try space.views(of: b))
        let signatures = [self.a, self.b].map { NeuronSignatures(of: $0, in: space).vectors }
        element = GroupElement(
            zip(space.groups, zip(signatures[0], signatures[1])).map { group, vectors in
                group.isOrdered ? .identity(group.size) : Self.nearest(vectors.0, vectors.1)
            })
        for _ in 0..<rounds where !coincides {
            if try !matchGroups() { break }
        }
    }

    /// Both networks divided by one power of two where products of their weights leave single precision.
    private static func scaled(_ a: [Tensor], _ b: [Tensor]) -> ([Tensor], [Tensor]) {
        let largest =
            (a + b).filter { $0.count > 0 && $0.dtype.isFloatingPoint }
            .map { $0.magnitude.maximum(Array(0..<$0.rank)).item }.max() ?? 0
        guard largest.isFinite, largest > 0, abs(largest.exponent) > 40 else { return (a, b) }
        let scale = Double(sign: .plus, exponent: -Int(largest.exponent), significand: 1)
        return (a.map { $0 * scale }, b.map { $0 * scale })
    }

    /// Whether `g · a = b`, number for number.
    private var coincides: Bool {
        zip(space.blocks, zip(a, b)).allSatisfy { block, views in
            element.acting(on: views.0, labels: block.groups, firstAxis: 0).isEqual(to: views.1)
        }
    }

    /// Matches one group after the other, the rest as they are.
    ///
    /// - Returns: whether that changed anything.
    private mutating func matchGroups() throws -> Bool {
        var hasChanged = false
        for group in space.groups.indices where !space.groups[group].isOrdered {
            var products: Tensor?
            for (block, (a, b)) in zip(space.blocks, zip(a, b)) {
                for axis in block.groups.indices where block.groups[axis] == group {
                    var moved = a
                    for (other, label) in block.groups.enumerated() where other != axis {
                        moved = element.acting(on: moved, labels: [label], firstAxis: other)
                    }
                    let order = [axis] + (0..<a.rank).filter { $0 != axis }
                    let rows = [moved, b].map { $0.permuted(order).reshaped([a.size(axis), -1]) }
                    let product = matmul(rows[0], rows[1].permuted([1, 0]))
                    products = products.map { $0 + product } ?? product
                }
            }
            guard let gains = products?.elements(as: Double.self) else { continue }
            let count = space.groups[group].size
            let images = LinearAssignment.solve(gains.map { -$0 }, count: count)
            func total(_ images: [Int]) -> Double {
                images.enumerated().reduce(0) { $0 + gains[$1.offset * count + $1.element] }
            }
            let before = element.permutations[group].images
            guard total(images) > total(before) + 1e-6 * abs(total(before)) else { continue }
            var permutations = element.permutations
            permutations[group] = Permutation(images)
            element = GroupElement(permutations)
            hasChanged = true
        }
        return hasChanged
    }

    /// The assignment of rows to rows with the smallest sum of squared distances.
    private static func nearest(_ a: Tensor, _ b: Tensor) -> Permutation {
        let squares = [a, b].map { $0.squared.sum([1]) }
        let distances =
            squares[0].expandingAxis(1) + squares[1].expandingAxis(0) - matmul(a, b.permuted([1, 0])) * 2
        let closest = (-distances).argmax(1).elements(as: Int64.self).map(Int.init)
        if Set(closest).count == closest.count { return Permutation(closest) }
        let cost = distances.elements(as: Double.self)
        return Permutation(LinearAssignment.solve(cost, count: closest.count))
    }
}

extension WeightSpace {
    /// The blocks of one network in float64, `[permuted axes…, F]`; where nothing is permuted, NaN counts as zero.
    fileprivate func views(of network: [String: Tensor]) throws -> [Tensor] {
        try blocks.map { block in
            let stored = try parameter(block, of: network).to(.float64).expandingAxis(0)
            let view = channelsLast(stored, block)
            guard !view.isFinite else { return view.reshaped(Array(view.shape.dropFirst())) }
            guard block.groups.isEmpty else { throw WeightSpaceError.notFinite(block.parameter) }
            return .zeros(Array(view.shape.dropFirst()), dtype: .float64)
        }
    }
}
