internal import Foundation
internal import Torch

/// The distribution that the weights of a classifier start from; biases start at zero.
///
/// A layer reads `i` and feeds `o` values: neurons times places of the kernel.
public enum ClassifierInitializer: String, Codable, CaseIterable, Sendable {
    /// `N(0, 2 / (i + o))` (Glorot and Bengio 2010, AISTATS, equation 12).
    case xavier
    /// `N(0, 2 / i)` (He et al. 2015, arXiv:1502.01852, equation 10).
    case he
    /// Orthonormal rows of the matrix `[outputs, i]`, or columns where it has fewer (Saxe et al. 2013, arXiv:1312.6120).
    case orthogonal
    /// `N(0, deviation²)`
    case normal
    /// `N(0, deviation²)` without what lies beyond two deviations.
    case truncatedNormal

    /// Random weights of a shape `[outputs, inputs, kernel…]`; the deviation matters to the last two cases alone.
    func weight(shape: [Int], deviation: Double, using random: inout RandomSource) -> Tensor {
        let places = shape.dropFirst(2).reduce(1, *)
        let (reads, feeds) = (Double(shape[1] * places), Double(shape[0] * places))
        return switch self {
        case .xavier: .normal(shape: shape, using: &random) * (2 / (reads + feeds)).squareRoot()
        case .he: .normal(shape: shape, using: &random) * (2 / reads).squareRoot()
        case .orthogonal: Self.orthogonal(shape, using: &random)
        case .normal: .normal(shape: shape, using: &random) * deviation
        case .truncatedNormal: Self.truncatedNormal(shape, using: &random) * deviation
        }
    }

    /// The factor Q of a normal matrix, its columns turned so that the diagonal of R is positive: uniform over all such.
    private static func orthogonal(_ shape: [Int], using random: inout RandomSource) -> Tensor {
        let (rows, columns) = (shape[0], shape.dropFirst().reduce(1, *))
        let tall = Tensor.normal(shape: [max(rows, columns), min(rows, columns)], using: &random)
        let factors = fitting { () throws(DispatchError) in try atenResults("linalg_qr", tall, "reduced") }
        let signs = factors[1].diagonal(0, 1)
        let turned = factors[0] * (signs / signs.magnitude)
        return (rows < columns ? turned.permuted([1, 0]) : turned).reshaped(shape)
    }

    /// `√2 erf⁻¹(u)` with `u` uniform between `±erf(√2)`.
    private static func truncatedNormal(_ shape: [Int], using random: inout RandomSource) -> Tensor {
        let bound = erf(2.0.squareRoot())
        let uniform = Tensor.uniform(-bound...bound, shape: shape, dtype: .float64, using: &random)
        return fitting { () throws(DispatchError) in try aten("erfinv", uniform) }.to(.float32) * 2.0.squareRoot()
    }
}
