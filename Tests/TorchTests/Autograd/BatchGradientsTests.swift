import TestSupport
import Testing
import Torch

@Suite(.oneThread) struct BatchGradientsTests {
    private struct Slope: Module {
        var value: Tensor

        mutating func visitParameters(_ visit: (String, inout Tensor) throws -> Void) rethrows {
            try visit("value", &value)
        }
    }

    @Test("parts follow one another, make up the batch and are of nearly equal size", arguments: [1, 15, 16, 17, 40])
    func partsMakeUpTheBatch(count: Int) {
        let parts = BatchPart.parts(of: count, largest: 16)
        #expect(parts.map(\.number) == Array(parts.indices))
        #expect(parts.flatMap { Array($0.samples) } == Array(0..<count))
        #expect(parts.count == [1: 1, 15: 2, 16: 2, 17: 2, 40: 4][count])
        let sizes = parts.map(\.samples.count)
        #expect(sizes.max()! - sizes.min()! <= 1)
    }

    @Test("the loss over parts, and its gradient, is that over the batch", arguments: [1, 16, 40])
    func partsAgreeWithTheBatch(count: Int) {
        var random = RandomSource(seed: 7)
        let x = Tensor.normal(shape: [count], dtype: .float64, using: &random)
        let model = Slope(value: Tensor([1.5]))
        let (value, gradients) = meanLossWithGradients(of: model, over: BatchPart.parts(of: count, largest: 16)) {
            model, part in
            (model.value * x.narrowed(0, to: part.samples)).squared.mean
        }
        let whole = valueWithGradients(of: model) { ($0.value * x).squared.mean }
        expectClose(Tensor([value]), whole.value.reshaped([1]), relativeError: 1e-14)
        expectClose(gradients[0].tensor, whole.gradients[0], relativeError: 1e-14)
    }
}
