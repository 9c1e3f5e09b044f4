import TestSupport
import Testing
import Torch

@Suite(.oneThread) struct BroadcastingTests {
    /// Shapes of two operands and of what they broadcast to.
    static let shapes: [([Int], [Int], [Int])] = [
        ([2, 3], [2, 3], [2, 3]), ([2, 3], [3], [2, 3]), ([2, 1], [3], [2, 3]), ([], [2, 3], [2, 3]),
        ([4, 1, 3], [2, 1], [4, 2, 3]), ([1], [], [1]), ([0, 3], [1, 1], [0, 3]),
    ]

    @Test(arguments: shapes)
    func broadcastingRepeatsAxesOfSizeOne(_ first: [Int], _ second: [Int], _ result: [Int]) {
        var random = RandomSource(seed: 1)
        let a = Tensor.normal(shape: first, dtype: .float64, using: &random)
        let b = Tensor.normal(shape: second, dtype: .float64, using: &random)
        let (left, right) = (a.expanded(result), b.expanded(result))
        expectClose(a - b, left - right, relativeError: 0)
        expectClose(b - a, right - left, relativeError: 0)
    }

    @Test(arguments: shapes)
    func gradientsSumOverRepeatedAxes(_ first: [Int], _ second: [Int], _ result: [Int]) {
        var random = RandomSource(seed: 2)
        let operands = [first, second].map { Tensor.normal(shape: $0, dtype: .float64, using: &random) }
        let weights = Tensor.normal(shape: result, dtype: .float64, using: &random)
        expectGradientsMatchCentralDifferences(of: { ($0[0] * $0[1] * weights).sum }, at: operands)
    }

    @Test(arguments: [([3], [2, 3]), ([2, 1], [2, 3]), ([1, 4, 1], [5, 4, 2])])
    func expandingRepeatsElements(_ shape: [Int], _ target: [Int]) {
        var random = RandomSource(seed: 3)
        let x = Tensor.normal(shape: shape, dtype: .float64, using: &random)
        expectClose(x.expanded(target), x + .zeros(target, dtype: .float64), relativeError: 0)
    }
}
