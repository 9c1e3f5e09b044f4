import TestSupport
import Testing
import Torch

@Suite(.oneThread) struct ArithmeticTests {
    @Test(arguments: ElementwiseOperator.all)
    func valuesMatchTheFunctionOfNumbers(_ function: ElementwiseOperator) {
        var random = RandomSource(seed: 1)
        let operands = function.operands(shape: [3, 7], using: &random)
        let columns = operands.map { $0.elements(as: Double.self) }
        let expected = (0..<21).map { i in function.onNumbers(columns.map { $0[i] }) }
        expectClose(function.onTensors(operands), Tensor(expected, shape: [3, 7]), relativeError: 1e-14)
    }

    @Test(arguments: ElementwiseOperator.all, [(DType.float32, 1e-6), (.bfloat16, 1e-2)])
    func narrowTypesRoundTheSameValues(_ function: ElementwiseOperator, _ precision: (dtype: DType, error: Double)) {
        var random = RandomSource(seed: 2)
        let operands = function.operands(shape: [40], using: &random).map { $0.to(precision.dtype) }
        let value = function.onTensors(operands)
        #expect(value.dtype == precision.dtype)
        expectClose(value, function.onTensors(operands.map { $0.to(.float64) }), relativeError: precision.error)
    }

    @Test(arguments: ElementwiseOperator.all)
    func gradientsMatchCentralDifferences(_ function: ElementwiseOperator) {
        var random = RandomSource(seed: 3)
        let operands = function.operands(shape: [2, 5], using: &random)
        let weights = Tensor.normal(shape: [2, 5], dtype: .float64, using: &random)
        expectGradientsMatchCentralDifferences(of: { (function.onTensors($0) * weights).sum }, at: operands)
    }

    @Test func wholeNumbersKeepTheirTypeAndPrecision() {
        let (a, b) = (Tensor([Int64(1) << 60, -3]), Tensor([Int64(1), 5]))
        #expect((a + b).elements() == [Int64(1) << 60 + 1, 2])
        #expect((a - b).elements() == [Int64(1) << 60 - 1, -8])
        #expect((a * b).elements() == [Int64(1) << 60, -15])
        #expect((-a).elements() == [-(Int64(1) << 60), 3])
    }

    @Test func mixedTypesTakeTheWiderOne() {
        let single = Tensor.ones([2])
        #expect((single + single.to(.float64)).dtype == .float64)
        #expect((single * single.to(.int64)).dtype == .float32)
        #expect((single * (single .< single)).dtype == .float32)
        #expect((single.to(.int64) * 0.5).elements() == [0.5, 0.5] as [Float])
    }
}
