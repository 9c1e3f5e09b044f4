import TestSupport
import Testing
import Torch

@Suite(.oneThread) struct ShapeTests {
    /// `[2, 3, 4]` with elements that tell their position: `100 i + 10 j + k`.
    let x = Tensor(
        (0..<24).map { (n: Int) -> Int64 in Int64(100 * (n / 12) + 10 * (n / 4 % 3) + n % 4) }, shape: [2, 3, 4]
    )
    .to(.float64)

    @Test func reshapingKeepsRowMajorOrder() {
        expectClose(x.reshaped([4, 6]).reshaped([2, 3, 4]), x, relativeError: 0)
        #expect(x.reshaped([24]).narrowed(0, to: 10..<14).elements() == [22.0, 23, 100, 101])
        #expect(x.reshaped([6, -1]).shape == [6, 4])
        #expect(x.permuted([2, 1, 0]).reshaped([24]).narrowed(0, to: 0..<3).elements() == [0.0, 100, 10])
    }

    @Test(arguments: [[0, 1, 2], [2, 0, 1], [1, 0, 2], [2, 1, 0]])
    func permutingMovesAxisOrderIToAxisI(_ order: [Int]) {
        let permuted = x.permuted(order)
        #expect(permuted.shape == order.map { x.size($0) })
        let weights: [Double] = order.map { [100, 10, 1][$0] }
        var expected = [Double]()
        for i in 0..<permuted.size(0) {
            for j in 0..<permuted.size(1) {
                for k in 0..<permuted.size(2) {
                    expected.append(weights[0] * Double(i) + weights[1] * Double(j) + weights[2] * Double(k))
                }
            }
        }
        #expect(permuted.elements() == expected)
    }

    @Test func splittingIsNarrowingToOneRangeAfterAnother() {
        let parts = x.split(1, into: [1, 0, 2])
        #expect(parts.map(\.shape) == [[2, 1, 4], [2, 0, 4], [2, 2, 4]])
        expectClose(parts[2], x.narrowed(1, to: 1..<3), relativeError: 0)
        expectClose(concatenate(parts, axis: 1), x, relativeError: 0)
    }

    @Test func narrowingIsGatheringConsecutivePositions() {
        for axis in -3..<3 {
            let range = 1..<x.size(axis)
            expectClose(x.narrowed(axis, to: range), x.gathered(axis, at: Array(range)), relativeError: 0)
        }
        #expect(x.narrowed(1, to: 2..<2).shape == [2, 0, 4])
    }

    @Test func gatheringFollowsTheOrderOfTheIndices() {
        let gathered = x.gathered(1, at: [2, 0, 2])
        #expect(gathered.shape == [2, 3, 4])
        #expect(gathered.narrowed(2, to: 3..<4).elements() == [23.0, 3, 23, 123, 103, 123])
        #expect(x.gathered(0, at: []).shape == [0, 3, 4])
    }

    @Test func concatenatingUndoesNarrowing() {
        for axis in -3..<3 {
            let parts = [x.narrowed(axis, to: 0..<1), x.narrowed(axis, to: 1..<x.size(axis))]
            expectClose(concatenate(parts, axis: axis), x, relativeError: 0)
        }
        expectClose(concatenate([x], axis: 0), x, relativeError: 0)
    }

    @Test func stackingAddsAFirstAxis() {
        let stacked = stack([x, x * 2])
        #expect(stacked.shape == [2, 2, 3, 4])
        expectClose(stacked.narrowed(0, to: 1..<2), (x * 2).expandingAxis(0), relativeError: 0)
    }

    @Test func expandingAnAxisCountsFromEitherEndOfTheResult() {
        #expect(
            (0...3).map { x.expandingAxis($0).shape } == [[1, 2, 3, 4], [2, 1, 3, 4], [2, 3, 1, 4], [2, 3, 4, 1]])
        #expect((-4...(-1)).map { x.expandingAxis($0).shape } == (0...3).map { x.expandingAxis($0).shape })
    }

    static let operators: [(String, @Sendable (Tensor) -> Tensor)] = [
        ("reshaped", { $0.reshaped([4, 6]) }), ("permuted", { $0.permuted([2, 0, 1]) }),
        ("expanded", { $0.expandingAxis(1).expanded([2, 5, 3, 4]) }), ("narrowed", { $0.narrowed(1, to: 1..<3) }),
        ("split", { $0.split(2, into: [1, 3])[1] }), ("gathered", { $0.gathered(2, at: [3, 3, 0]) }),
        ("diagonal", { $0.narrowed(1, to: 0..<2).diagonal(0, 1) }),
        ("diagonalEmbedding", { $0.diagonalEmbedding(1, -1) }),
        ("concatenate", { concatenate([$0, $0 * 2], axis: 1) }),
        ("stack", { stack([$0, $0]) }),
    ]

    @Test(arguments: operators)
    func gradientsMatchCentralDifferences(_ name: String, _ function: @Sendable (Tensor) -> Tensor) {
        var random = RandomSource(seed: 1)
        let weights = Tensor.normal(shape: function(x).shape, dtype: .float64, using: &random)
        let point = Tensor.normal(shape: [2, 3, 4], dtype: .float64, using: &random)
        expectGradientsMatchCentralDifferences(of: { (function($0[0]).squared * weights).sum }, at: [point])
    }
}
