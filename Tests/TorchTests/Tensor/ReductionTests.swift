import TestSupport
import Testing
import Torch

@Suite(.oneThread) struct ReductionTests {
    static let axes: [[Int]] = [[0], [1], [2], [-1], [0, 2], [2, 0], [0, 1, 2]]
    let x: Tensor

    init() {
        var random = RandomSource(seed: 1)
        x = .normal(shape: [2, 3, 4], dtype: .float64, using: &random)
    }

    /// The elements that share their position on the axes that stay, group by group in row-major order.
    func groups(_ axes: [Int]) -> [[Double]] {
        let reduced = axes.map { $0 < 0 ? $0 + 3 : $0 }
        let kept = (0..<3).filter { !reduced.contains($0) }
        let size = reduced.reduce(1) { $0 * x.size($1) }
        let elements = x.permuted(kept + reduced.sorted()).elements(as: Double.self)
        return stride(from: 0, to: elements.count, by: size).map { Array(elements[$0..<$0 + size]) }
    }

    @Test(arguments: axes) func reductionsMatchLoops(_ axes: [Int]) {
        let groups = groups(axes)
        let sums = Tensor(groups.map { $0.reduce(0, +) })
        expectClose(x.sum(axes).reshaped([-1]), sums, relativeError: 1e-14)
        expectClose(x.mean(axes).reshaped([-1]), sums / Double(groups[0].count), relativeError: 1e-14)
        #expect(x.maximum(axes).reshaped([-1]).elements() == groups.map { $0.max() ?? .nan })
    }

    @Test(arguments: axes) func keptAxesHaveSizeOne(_ axes: [Int]) {
        var shape = x.shape
        for axis in axes { shape[axis < 0 ? axis + 3 : axis] = 1 }
        for (kept, dropped) in [
            (x.sum(axes, keepingAxes: true), x.sum(axes)), (x.mean(axes, keepingAxes: true), x.mean(axes)),
            (x.maximum(axes, keepingAxes: true), x.maximum(axes)),
        ] {
            expectClose(kept, dropped.reshaped(shape), relativeError: 0)
        }
    }

    @Test func noAxesLeaveTheTensorAsItIs() {
        for reduced in [x.sum([]), x.mean([]), x.maximum([])] { expectClose(reduced, x, relativeError: 0) }
    }

    @Test func theSumAndMeanOfEverythingAreScalars() {
        #expect(x.sum.shape == [])
        #expect(x.mean.shape == [])
        expectClose(x.sum, x.sum([0, 1, 2]), relativeError: 1e-14)
        expectClose(x.mean * 24, x.sum, relativeError: 1e-14)
        #expect(Tensor([7.0], shape: []).sum.item == 7)
    }

    @Test func argmaxIsThePositionOfTheMaximum() {
        let positions = x.argmax(1)
        #expect(positions.dtype == .int64)
        #expect(positions.shape == [2, 4])
        let expected = groups([1]).map { group in Int64(group.firstIndex(of: group.max() ?? .nan) ?? -1) }
        #expect(positions.elements() == expected)
    }

    @Test func finiteMeansNeitherNaNNorInfinite() {
        #expect(x.isFinite)
        #expect(!concatenate([x.reshaped([-1]), Tensor([Double.nan])], axis: 0).isFinite)
        #expect(!concatenate([x.reshaped([-1]), Tensor([-Double.infinity])], axis: 0).isFinite)
        #expect(Tensor([Float]()).isFinite)
        #expect(Tensor([Int64.max]).isFinite)
    }

    @Test(arguments: axes) func gradientsMatchCentralDifferences(_ axes: [Int]) {
        var random = RandomSource(seed: 2)
        let weights = Tensor.normal(shape: x.sum(axes).shape, dtype: .float64, using: &random)
        for reduce in [{ $0.sum(axes) }, { $0.mean(axes) }, { $0.maximum(axes) }] as [(Tensor) -> Tensor] {
            expectGradientsMatchCentralDifferences(of: { (reduce($0[0]).squared * weights).sum }, at: [x])
        }
    }
}
