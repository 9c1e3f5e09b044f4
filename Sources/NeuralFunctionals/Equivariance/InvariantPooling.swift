public import Torch

/// Averages a feature over all permuted axes: the view of scalar type, one vector per network. Blocks of one role are
/// averaged too.
///
/// - Input: a feature over `space`.
/// - Output: `[batch, outputWidth]`.
/// - Source: Zhou et al. 2023, arXiv:2302.14040, section 2.3: over hidden neurons alone it keeps the input and output
///   neurons' axes apart (HNP pooling), over all neurons it is their NP pooling.
public struct InvariantPooling: Sendable {
    /// The features that are pooled.
    public let space: FeatureSpace
    /// Whether fixed positions stay apart; otherwise they are averaged too.
    public let keepsFixedAxes: Bool
    /// What is pooled, in order.
    let views: [SharedView]

    /// Pooling for features over a space.
    public init(_ space: FeatureSpace, keepsFixedAxes: Bool = true) {
        self.space = space
        self.keepsFixedAxes = keepsFixedAxes
        let projections = space.blocks.indices.flatMap { View.projections(from: $0, labels: space.blocks[$0].groups) }
        views = SharedView.all(of: projections.filter { $0.type == .scalar }, in: space)
    }

    /// The size of the pooled vector.
    public var outputWidth: Int {
        views.reduce(0) { sum, view in
            let block = space.blocks[view.views[0].block]
            return sum + (keepsFixedAxes ? block.width : block.channels)
        }
    }

    public func callAsFunction(_ feature: Feature) -> Tensor {
        precondition(feature.space == space, "expected a feature over the pooling's space")
        var projectors = feature.projectors
        let scalars = views.flatMap(\.views).map { ($0, projectors[$0.block]($0)) }
        return concatenated(Dictionary(uniqueKeysWithValues: scalars))
    }

    /// The pooled vector, from all views.
    func concatenated(_ scalars: [View: Tensor]) -> Tensor {
        concatenate(
            views.map { view in
                let pooled = mean(view.views.compactMap { scalars[$0] })
                if keepsFixedAxes { return pooled }
                let block = space.blocks[view.views[0].block]
                return pooled.reshaped([-1, block.fixedCount, block.channels]).mean([1])
            }, axis: -1)
    }
}
