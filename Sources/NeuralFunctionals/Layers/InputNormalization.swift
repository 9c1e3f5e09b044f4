internal import Foundation
public import Torch

/// Brings each parameter of the input networks to one scale, by what is measured over the training networks.
public struct InputNormalization: FeatureLayer {
    /// What becomes of a weight.
    public enum Form: String, Hashable, Sendable, Codable {
        /// `x ↦ (x − μ) / σ`: mean zero and deviation one.
        case standard
        /// `x ↦ asinh(100 x / σ) / asinh(100)`, σ the geometric mean of the networks' root mean squares: sign and order of
        /// magnitude. For networks that were initialised and trained in many ways, whose weights differ a hundredfold.
        case logarithmic

        /// μ and σ of a block.
        fileprivate func statistics(of block: Tensor) -> (mean: Double, deviation: Double) {
            switch self {
            case .standard:
                let block = block.to(.float64)
                let mean = block.mean
                let deviation = (block - mean).squared.mean.item.squareRoot()
                return (mean.item, deviation > 1e-8 ? deviation : 1)
            case .logarithmic:
                var size = UsualSize()
                size.add(block)
                return (0, size.value)
            }
        }
    }

    public let inputSpace: FeatureSpace
    /// What becomes of a weight.
    public let form: Form
    /// `μ`, one number per block; zero in the logarithmic form.
    public private(set) var means: Tensor
    /// `σ`, one number per block.
    public private(set) var deviations: Tensor

    public var outputSpace: FeatureSpace { inputSpace }

    /// A normalisation with mean zero and deviation one until ``fit(to:)``.
    public init(_ space: FeatureSpace, _ form: Form = .standard) {
        inputSpace = space
        self.form = form
        means = .zeros([space.blocks.count])
        deviations = .ones([space.blocks.count])
    }

    /// Measures the training networks; a block that does not vary keeps its scale.
    public mutating func fit(to feature: Feature) {
        precondition(feature.space == inputSpace, "expected a feature over the layer's input space")
        let statistics = feature.blocks.map { form.statistics(of: $0) }
        means = Tensor(statistics.map(\.mean)).to(means.dtype).to(means.device)
        deviations = Tensor(statistics.map(\.deviation)).to(means.dtype).to(means.device)
    }

    public func callAsFunction(_ feature: Feature) -> Feature {
        Feature(
            feature.blocks.enumerated().map { self($1, ofBlock: $0) }, over: feature.space)
    }

    /// The same for one block.
    func callAsFunction(_ weights: Tensor, ofBlock index: Int) -> Tensor {
        normalized(
            weights, means.narrowed(0, to: index..<index + 1), deviations.narrowed(0, to: index..<index + 1))
    }

    /// The same for weights in a row.
    ///
    /// - Input: `[networks, weights]`, and for each weight the number of its block.
    public func callAsFunction(_ rows: Tensor, of blocks: [Int]) -> Tensor {
        normalized(rows, means.gathered(0, at: blocks), deviations.gathered(0, at: blocks))
    }

    private func normalized(_ weights: Tensor, _ mean: Tensor, _ deviation: Tensor) -> Tensor {
        switch form {
        case .standard: (weights - mean) / deviation
        case .logarithmic: asinh(weights / deviation * 100) / asinh(100)
        }
    }

    public mutating func visitParameters(_ visit: (String, inout Tensor) throws -> Void) rethrows {}

    public mutating func visitBuffers(_ visit: (String, inout Tensor) throws -> Void) rethrows {
        try visit("means", &means)
        try visit("deviations", &deviations)
    }
}
