import TestSupport
import Testing
import Torch

@testable import Zoo

@Suite(.oneThread) struct ClassifierInitializerTests {
    private func drawn(_ initializer: ClassifierInitializer, _ shape: [Int], deviation: Double = 0.3) -> Tensor {
        var random = RandomSource(seed: 5)
        return initializer.weight(shape: shape, deviation: deviation, using: &random)
    }

    @Test("weights have the variance that the initializer is known for", arguments: ClassifierInitializer.allCases)
    func variance(initializer: ClassifierInitializer) {
        let expected: Double =
            switch initializer {
            case .xavier: 2.0 / (30 * 9 + 50 * 9)
            case .he: 2.0 / (30 * 9)
            case .orthogonal: 1.0 / (30 * 9)
            case .normal: 0.09
            // 1 − 4 φ(2) / (2 Φ(2) − 1) of the variance is left within two deviations.
            case .truncatedNormal: 0.09 * 0.773741
            }
        let weight = drawn(initializer, [50, 30, 3, 3])
        #expect(weight.shape == [50, 30, 3, 3] && weight.dtype == .float32)
        #expect(abs(weight.squared.mean.item / expected - 1) < 0.05)
        #expect(abs(weight.mean.item) < 5 * (expected / 13_500).squareRoot())
    }

    @Test("no truncated weight is beyond two deviations, many normal ones are")
    func truncation() {
        let largest = { (weight: Tensor) in weight.magnitude.maximum([0, 1]).item }
        #expect(largest(drawn(.truncatedNormal, [200, 100])) <= 0.6 * (1 + 1e-6))
        #expect(largest(drawn(.truncatedNormal, [200, 100])) > 0.58)
        #expect(largest(drawn(.normal, [200, 100])) > 0.9)
    }

    @Test("orthogonal weights have orthonormal rows, or columns", arguments: [[3, 2, 2, 2], [8, 5], [5, 5]])
    func orthogonality(shape: [Int]) {
        let matrix = drawn(.orthogonal, shape).reshaped([shape[0], -1]).to(.float64)
        let transposed = matrix.permuted([1, 0])
        let isWide = matrix.size(0) <= matrix.size(1)
        let product = isWide ? matmul(matrix, transposed) : matmul(transposed, matrix)
        let identity = Tensor.ones([product.size(0)], dtype: .float64).diagonalEmbedding(0, 1)
        #expect((product - identity).magnitude.maximum([0, 1]).item < 1e-5)
    }

    @Test("orthogonal matrices are uniform: entries on the diagonal have mean zero")
    func orthogonalSigns() {
        var random = RandomSource(seed: 6)
        let diagonal = (0..<400).map { _ in
            let matrix = ClassifierInitializer.orthogonal.weight(shape: [2, 2], deviation: 1, using: &random)
            return matrix.elements(as: Float.self)[0]
        }
        // The entry is the cosine of a uniform angle, of variance ½.
        #expect(abs(diagonal.reduce(0, +) / 400) < 5 * Float(0.5 / 400).squareRoot())
    }
}
