import Foundation
import TestSupport
import Testing
import Torch

@Suite(.oneThread) struct LinearAlgebraTests {
    var random = RandomSource(seed: 1)

    mutating func normal(_ shape: [Int]) -> Tensor { .normal(shape: shape, dtype: .float64, using: &random) }

    /// `cᵢⱼ = Σₖ aᵢₖ bₖⱼ`
    func product(_ a: Tensor, _ b: Tensor) -> Tensor {
        let (rows, inner, columns) = (a.size(0), a.size(1), b.size(1))
        let left = a.elements(as: Double.self)
        let right = b.elements(as: Double.self)
        var elements = [Double](repeating: 0, count: rows * columns)
        for i in 0..<rows {
            for j in 0..<columns {
                for k in 0..<inner { elements[i * columns + j] += left[i * inner + k] * right[k * columns + j] }
            }
        }
        return Tensor(elements, shape: [rows, columns])
    }

    @Test(arguments: [(3, 4, 5), (1, 1, 1), (17, 9, 2), (2, 0, 3)])
    mutating func theMatrixProductMatchesLoops(_ rows: Int, _ inner: Int, _ columns: Int) {
        let (a, b) = (normal([rows, inner]), normal([inner, columns]))
        expectClose(matmul(a, b), product(a, b), relativeError: 1e-14)
        expectClose(matmul(a.permuted([1, 0]), a), product(a.permuted([1, 0]), a), relativeError: 1e-14)
    }

    @Test mutating func theMatrixProductBroadcastsLeadingAxes() {
        let (a, b) = (normal([2, 1, 3, 4]), normal([5, 4, 2]))
        let c = matmul(a, b)
        #expect(c.shape == [2, 5, 3, 2])
        for i in 0..<2 {
            for j in 0..<5 {
                let slice = c.narrowed(0, to: i..<i + 1).narrowed(1, to: j..<j + 1).reshaped([3, 2])
                let left = a.narrowed(0, to: i..<i + 1).reshaped([3, 4])
                let right = b.narrowed(0, to: j..<j + 1).reshaped([4, 2])
                expectClose(slice, product(left, right), relativeError: 1e-14)
            }
        }
    }

    @Test(arguments: [[4], [3, 4], [2, 3, 4], [0, 4]])
    mutating func anAffineMapActsOnTheLastAxis(_ shape: [Int]) {
        let (x, weight, bias) = (normal(shape), normal([4, 5]), normal([5]))
        let expected = product(x.reshaped([shape.dropLast().reduce(1, *), 4]), weight) + bias
        let y = affine(x, weight: weight, bias: bias)
        #expect(y.shape == shape.dropLast() + [5])
        expectClose(y.reshaped(expected.shape), expected, relativeError: 1e-14)
    }

    @Test(arguments: [0, 0.1]) mutating func crossEntropyMatchesItsFormula(_ smoothing: Double) {
        let (batch, classes) = (4, 3)
        let labels: [Int64] = [2, 0, 1, 1]
        let logits = normal([batch, classes]) * 3
        let elements = logits.elements(as: Double.self)
        var loss = 0.0
        for i in 0..<batch {
            let row = elements[i * classes..<(i + 1) * classes]
            let logarithm = log(row.map { exp($0) }.reduce(0, +))
            for (c, logit) in row.enumerated() {
                let target = smoothing / Double(classes) + (Int(labels[i]) == c ? 1 - smoothing : 0)
                loss += target * (logarithm - logit) / Double(batch)
            }
        }
        let value = crossEntropy(logits, Tensor(labels), smoothing: smoothing)
        expectClose(value.item, loss, relativeError: 1e-13)
    }

    @Test func crossEntropyStaysFiniteForLargeLogits() {
        let loss = crossEntropy(Tensor([1e4, -1e4], shape: [1, 2]), Tensor([Int64(1)]))
        #expect(loss.item == 2e4)
    }

    @Test func binaryCrossEntropyMatchesItsFormula() {
        let (logits, probabilities) = ([-2.0, 0, 0.5, 3], [0.0, 1, 0.25, 0.75])
        let loss = zip(logits, probabilities).map { z, y in
            -y * log(1 / (1 + exp(-z))) - (1 - y) * log(1 - 1 / (1 + exp(-z)))
        }
        let value = binaryCrossEntropy(Tensor(logits), Tensor(probabilities))
        expectClose(value.item, loss.reduce(0, +) / 4, relativeError: 1e-14)
        #expect(binaryCrossEntropy(Tensor([1e4, -1e4]), Tensor([0.0, 0])).item == 5e3)
    }

    @Test mutating func meanSquaredErrorIsTheMeanOfSquaredDifferences() {
        let (a, b) = (normal([3, 2]), normal([3, 2]))
        let squares = zip(a.elements(as: Double.self), b.elements(as: Double.self)).map { ($0 - $1) * ($0 - $1) }
        expectClose(meanSquaredError(a, b).item, squares.reduce(0, +) / 6, relativeError: 1e-14)
    }

    @Test mutating func gradientsMatchCentralDifferences() {
        let weights = normal([2, 3, 5])
        expectGradientsMatchCentralDifferences(
            of: { (matmul($0[0], $0[1]) * weights).sum }, at: [normal([2, 3, 4]), normal([4, 5])])
        expectGradientsMatchCentralDifferences(
            of: { (affine($0[0], weight: $0[1], bias: $0[2]) * weights).sum },
            at: [normal([2, 3, 4]), normal([4, 5]), normal([5])])
        let labels = Tensor([Int64(1), 0, 4])
        expectGradientsMatchCentralDifferences(
            of: { crossEntropy($0[0], labels, smoothing: 0.2) }, at: [normal([3, 5])])
        let probabilities = normal([3, 5]).squared
        expectGradientsMatchCentralDifferences(
            of: { binaryCrossEntropy($0[0], probabilities) }, at: [normal([3, 5])])
        expectGradientsMatchCentralDifferences(
            of: { meanSquaredError($0[0], $0[1]) }, at: [normal([3, 5]), normal([3, 5])])
    }
}
