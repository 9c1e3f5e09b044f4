public import Torch

/// Brings each parameter of the input networks to mean zero and deviation one over the training networks:
/// `x_t ↦ (x_t − μ_t) / σ_t`, one μ and σ per block.
public struct InputNormalization: FeatureLayer {
    public let inputSpace: FeatureSpace
    /// `μ_t`, one number per block.
    public private(set) var means: Tensor
    /// `σ_t`, one number per block.
    public private(set) var deviations: Tensor

    public var outputSpace: FeatureSpace { inputSpace }

    /// A normalisation that changes nothing until ``fit(to:)``.
    public init(_ space: FeatureSpace) {
        inputSpace = space
        means = .zeros([space.blocks.count])
        deviations = .ones([space.blocks.count])
    }

    /// Measures the training networks; a block that does not vary keeps its scale.
    public mutating func fit(to feature: Feature) {
        precondition(feature.space == inputSpace, "expected a feature over the layer's input space")
        let statistics = feature.blocks.map { block in
            let block = block.to(.float64)
            let mean = block.mean
            let deviation = (block - mean).squared.mean.item.squareRoot()
            return (mean: mean.item, deviation: deviation > 1e-8 ? deviation : 1)
        }
        means = Tensor(statistics.map(\.mean)).to(means.dtype).to(means.device)
        deviations = Tensor(statistics.map(\.deviation)).to(means.dtype).to(means.device)
    }

    public func callAsFunction(_ feature: Feature) -> Feature {
        Feature(
            feature.blocks.enumerated().map { index, block in
                (block - means.narrowed(0, to: index..<index + 1)) / deviations.narrowed(0, to: index..<index + 1)
            }, over: feature.space)
    }

    public mutating func visitParameters(_ visit: (String, inout Tensor) throws -> Void) rethrows {}

    public mutating func visitBuffers(_ visit: (String, inout Tensor) throws -> Void) rethrows {
        try visit("means", &means)
        try visit("deviations", &deviations)
    }
}
