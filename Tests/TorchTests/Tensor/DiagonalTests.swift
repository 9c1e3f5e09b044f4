import TestSupport
import Testing
import Torch

@Suite(.oneThread) struct DiagonalTests {
    /// Two axes of a tensor of rank 4, from either end.
    static let axes = [(0, 1), (1, 0), (1, 3), (3, 0), (-1, -2), (0, -1)]

    @Test func theDiagonalTakesEqualPositionsOfTwoAxes() {
        let x = Tensor((0..<18).map(Double.init), shape: [3, 2, 3])
        let diagonal = x.diagonal(0, 2)
        #expect(diagonal.shape == [2, 3])
        #expect(diagonal.elements() == [0.0, 7, 14, 3, 10, 17])
    }

    @Test func theEmbeddingIsZeroOffTheDiagonal() {
        let embedded = Tensor([1.0, 2, 3, 4], shape: [2, 2]).diagonalEmbedding(0, 1)
        #expect(embedded.shape == [2, 2, 2])
        #expect(embedded.elements() == [1.0, 3, 0, 0, 0, 0, 2, 4])
    }

    @Test(arguments: axes) func theDiagonalUndoesItsEmbedding(_ first: Int, _ second: Int) {
        var random = RandomSource(seed: 1)
        let x = Tensor.normal(shape: [2, 4, 3], dtype: .float64, using: &random)
        expectClose(x.diagonalEmbedding(first, second).diagonal(first, second), x, relativeError: 0)
    }

    /// `⟨diagonal(x), y⟩ = ⟨x, diagonalEmbedding(y)⟩`
    @Test(arguments: axes) func diagonalAndEmbeddingAreAdjoint(_ first: Int, _ second: Int) {
        var random = RandomSource(seed: 2)
        let x = Tensor.normal(shape: [3, 3, 3, 3], dtype: .float64, using: &random)
        let y = Tensor.normal(shape: [3, 3, 3], dtype: .float64, using: &random)
        expectClose(
            (x.diagonal(first, second) * y).sum, (x * y.diagonalEmbedding(first, second)).sum, relativeError: 1e-13)
    }
}
