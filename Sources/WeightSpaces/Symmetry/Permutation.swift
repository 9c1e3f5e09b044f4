/// A permutation π of `0..<count`.
public struct Permutation: Hashable, Sendable {
    /// `images[i] = π(i)`.
    public let images: [Int]

    /// The permutation that takes each `i` to `images[i]`.
    ///
    /// - Traps: when `images` is not a permutation.
    public init(_ images: [Int]) {
        precondition(images.sorted().elementsEqual(images.indices), "\(images) is not a permutation")
        self.images = images
    }

    /// The permutation that moves nothing.
    public static func identity(_ count: Int) -> Permutation { Permutation(Array(0..<count)) }

    /// A uniformly random permutation.
    public static func random(_ count: Int, using random: inout some RandomNumberGenerator) -> Permutation {
        Permutation((0..<count).shuffled(using: &random))
    }

    /// The number of points.
    public var count: Int { images.count }

    /// `π⁻¹`
    public var inverse: Permutation {
        var result = images
        for (point, image) in images.enumerated() { result[image] = point }
        return Permutation(result)
    }

    /// `π ∘ σ`, which applies σ first.
    public func composed(with inner: Permutation) -> Permutation {
        precondition(count == inner.count, "expected \(count) points, got \(inner.count)")
        return Permutation(inner.images.map { images[$0] })
    }
}
