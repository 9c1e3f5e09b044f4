import TestSupport
import Testing
import Torch

@Suite(.oneThread) struct CentralDifferencesTests {
    @Test(arguments: [[4], [10, 10]]) func aCorrectGradientPasses(_ shape: [Int]) {
        var random = RandomSource(seed: 1)
        let x = Tensor.normal(shape: shape, dtype: .float64, using: &random)
        expectGradientsMatchCentralDifferences(of: { ($0[0] * sin($0[1])).sum }, at: [x, x * 0.5])
    }

    /// A detached factor hides half of the derivative of `x²`.
    @Test(arguments: [[4], [10, 10]]) func aWrongGradientFails(_ shape: [Int]) {
        var random = RandomSource(seed: 1)
        let x = Tensor.normal(shape: shape, dtype: .float64, using: &random)
        withKnownIssue { expectGradientsMatchCentralDifferences(of: { ($0[0] * $0[0].detached).sum }, at: [x]) }
    }
}
