import TestSupport
import Testing
import Torch

@Suite(.oneThread) struct SharingTests {
    /// Every task computes from the same tensors and gives its results, recorded computations included, to another.
    @Test func tensorsMayBeUsedByManyTasksAtOnce() async {
        var random = RandomSource(seed: 1)
        let x = Tensor.normal(shape: [16, 8], dtype: .float64, using: &random)
        let weight = Tensor.normal(shape: [8, 8], dtype: .float64, using: &random).asVariable
        let expected = gradients(of: tanh(matmul(x, weight)).sum, withRespectTo: [weight])[0].elements(as: Double.self)
        await withTaskGroup(of: Tensor.self) { group in
            for _ in 0..<64 { group.addTask { tanh(matmul(x, weight)).sum } }
            for await output in group {
                #expect(gradients(of: output, withRespectTo: [weight])[0].elements() == expected)
            }
        }
    }
}
