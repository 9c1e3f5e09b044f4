public import Torch

/// Linear regression with a quadratic penalty on standardised inputs, in closed form:
/// `w = (ZᵀZ / n + λI)⁻¹ Zᵀ(y − ȳ) / n`, `ŷ = ȳ + Zw` with `Z = (X − μ) / σ`.
///
/// - Source: Hoerl and Kennard 1970, doi:10.1080/00401706.1970.10488634.
public struct RidgeRegression: Sendable {
    /// μ, `[inputs]`.
    private let means: Tensor
    /// σ, `[inputs]`.
    private let deviations: Tensor
    /// w, `[inputs]`.
    private let weights: Tensor
    /// ȳ
    private let intercept: Double

    /// Fits targets; inputs that do not vary are ignored.
    ///
    /// - Input: `inputs` float64 `[samples, inputs]`, and a target for each sample.
    /// - Throws: what libtorch refuses, such as a singular matrix where `penalty` is zero.
    public init(_ inputs: Tensor, targets: [Double], penalty: Double) throws {
        precondition(
            inputs.shape.first == targets.count, "expected \(targets.count) rows of inputs, got \(inputs.shape)")
        let (count, width) = (Double(targets.count), inputs.size(1))
        let means = inputs.mean([0])
        let spread = sqrt((inputs - means).squared.mean([0]))
        // σ = ∞ makes a column that does not vary zero.
        let constant = (spread .< means.magnitude * 1e-12 + Double.leastNormalMagnitude).to(.float64)
        let deviations = spread + constant / (-constant + 1)
        let centered = (inputs - means) / deviations
        let mean = targets.reduce(0, +) / count
        let moments = matmul(centered.permuted([1, 0]), Tensor(targets.map { $0 - mean }, shape: [targets.count, 1]))
        let identity = Tensor.ones([width], dtype: .float64).diagonalEmbedding(0, 1)
        let covariance = matmul(centered.permuted([1, 0]), centered) / count
        // Columns of zeros get a one on the diagonal, and so no weight.
        let normal = covariance + identity * penalty + constant.diagonalEmbedding(0, 1)
        weights = try aten("linalg_solve", normal, moments / count).reshaped([width])
        intercept = mean
        self.means = means
        self.deviations = deviations
    }

    /// Predicts from inputs, float64 `[samples, inputs]`.
    public func callAsFunction(_ inputs: Tensor) -> [Double] {
        let standardized = (inputs - means) / deviations
        return (matmul(standardized, weights.reshaped([-1, 1])) + intercept).reshaped([-1]).elements()
    }
}
