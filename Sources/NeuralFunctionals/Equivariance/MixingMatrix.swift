public import Torch

/// Mixes the channels of all views of one type, `y = z M`; where there are many views, `M` is the product of two thin
/// matrices.
///
/// - Input: views `[batch, the type's axes…, channels]`, or with one more axis, over which they are averaged.
/// - Output: `[batch, the type's axes…, width]` for each target.
public struct MixingMatrix: Sendable {
    /// When a matrix is thin: with `V` views of `C` channels a full one has `(V · C)²` entries, thin ones have
    /// `2 · rank · V · C`.
    ///
    /// A residual stream has a view for every layer that reads or writes it, and scalars have one for every block. By
    /// default 32 views pass through 64 channels: below that, which is every network of a few layers, maps stay complete.
    public struct Bottleneck: Hashable, Sendable, Codable {
        /// The channels in between.
        public var rank: Int
        /// How many views may be read or written before the matrix becomes thin.
        public var views: Int

        public init(rank: Int = 64, views: Int = 32) {
            self.rank = rank
            self.views = views
        }
    }

    /// `M`, or what it is the product of.
    public private(set) var factors: [Tensor]

    /// A matrix between views, with entries of U(±bound) for each channel written; the product of thin ones has the
    /// same variance.
    init(
        from sources: [SharedView], to targets: [SharedView], bounds: Tensor, _ bottleneck: Bottleneck?,
        using random: inout RandomSource
    ) {
        let (read, written) = (sources.width, targets.width)
        if let bottleneck, max(sources.count, targets.count) > bottleneck.views {
            let bound = (3 / Double(bottleneck.rank)).squareRoot()
            factors = [
                .uniform(-bound...bound, shape: [read, bottleneck.rank], using: &random),
                .uniform(within: bounds, shape: [bottleneck.rank, written], using: &random),
            ]
        } else {
            factors = [.uniform(within: bounds, shape: [read, written], using: &random)]
        }
    }

    /// The product of these, from `[read, …]` to `[…, written]`.
    init(factors: [Tensor]) { self.factors = factors }

    func callAsFunction(_ views: [Tensor], axes: Int, bias: Tensor? = nil, widths: [Int]) -> [Tensor] {
        let inner = factors.dropLast().reduce(views) { views, factor in
            mixViews(views, axes: axes, weight: factor, bias: nil, widths: [factor.size(1)])
        }
        return mixViews(inner, axes: axes, weight: factors[factors.count - 1], bias: bias, widths: widths)
    }

    /// Visits the factors.
    mutating func visitParameters(named name: String, _ visit: (String, inout Tensor) throws -> Void) rethrows {
        for index in factors.indices { try visit(factors.count == 1 ? name : "\(name).\(index)", &factors[index]) }
    }
}
