import TestSupport
import Testing
import Torch

@Suite(.oneThread) struct CreationTests {
    @Test func elementsComeBackInRowMajorOrder() {
        let (floats, doubles, integers): ([Float], [Double], [Int64]) =
            (
                [1.5, -0.1, .infinity, 0, .leastNonzeroMagnitude, 7],
                [1.5, -0.1, .infinity, 0, .leastNonzeroMagnitude, 7], [.min, .max, -1, 0, 1, 2]
            )
        #expect(Tensor(floats, shape: [2, 3]).elements() == floats)
        #expect(Tensor(doubles, shape: [2, 3]).elements() == doubles)
        #expect(Tensor(integers, shape: [2, 3]).elements() == integers)
        #expect(Tensor(integers, shape: [2, 3]).permuted([1, 0]).elements() == [.min, 0, .max, 1, -1, 2] as [Int64])
    }

    @Test func bfloat16HoldsNumbersOfEightSignificantBits() {
        let exact: [Float] = [1, -2.5, 0, 255, 0.0078125, -3]
        #expect(Tensor(exact).to(.bfloat16).to(.float32).elements() == exact)
        #expect(Tensor([Float(1.001), 257]).to(.bfloat16).to(.float32).elements() == [1, 256] as [Float])
    }

    @Test(arguments: DType.allCases) func bytesComeBackUnchanged(_ dtype: DType) {
        let bytes = (0..<6 * dtype.byteCount).map { dtype == .bool ? UInt8($0 % 2) : UInt8(17 * $0 % 100) }
        let tensor = bytes.withUnsafeBytes { Tensor(bytes: $0, shape: [3, 2], dtype: dtype) }
        var copy = [UInt8](repeating: 0xff, count: bytes.count)
        copy.withUnsafeMutableBytes { tensor.copyBytes(to: $0) }
        #expect(copy == bytes)
        #expect(tensor.dtype == dtype)
        #expect(tensor.shape == [3, 2])
    }

    @Test(arguments: DType.allCases, DType.allCases)
    func zeroAndOneSurviveEveryConversion(_ first: DType, _ second: DType) {
        let converted = Tensor([0.0, 1]).to(first).to(second)
        #expect(converted.dtype == second)
        #expect(converted.to(.float64).elements() == [0.0, 1])
    }

    @Test(arguments: [DType.float32, .bfloat16, .int64], [[], [0], [2, 0, 3], [2, 1, 3]])
    func aRepeatedValueFillsTheShape(_ dtype: DType, _ shape: [Int]) {
        let tensor = Tensor(repeating: 3, shape: shape, dtype: dtype)
        #expect(tensor.shape == shape)
        #expect(tensor.rank == shape.count)
        #expect(tensor.count == shape.reduce(1, *))
        #expect(tensor.to(.float64).elements() == [Double](repeating: 3, count: tensor.count))
    }

    @Test func anArrayWithoutElementsMakesAnEmptyTensor() {
        #expect(Tensor([Float]()).shape == [0])
        #expect(Tensor([Double](), shape: [4, 0]).elements() == [Double]())
    }

    @Test func aLinearSpaceReachesBothBounds() {
        #expect(Tensor.linearSpace(-1...1, count: 5, dtype: .float64).elements() == [-1, -0.5, 0, 0.5, 1])
        #expect(Tensor.linearSpace(2...3, count: 1).elements() == [2] as [Float])
        #expect(Tensor.linearSpace(2...3, count: 0).shape == [0])
    }

    @Test func anItemIsTheOnlyElementAsANumber() {
        #expect(Tensor([Int64(7)]).item == 7)
        #expect(Tensor([Float(0.5)], shape: [1, 1]).to(.bfloat16).item == 0.5)
        #expect((Tensor([1.0]) .< Tensor([2.0])).item == 1)
    }

    @Test func sizesAreCountedFromEitherEnd() {
        let tensor = Tensor.zeros([2, 3, 4])
        #expect((0..<3).map { tensor.size($0) } == [2, 3, 4])
        #expect((-3..<0).map { tensor.size($0) } == [2, 3, 4])
    }

    @Test func theDescriptionShowsTypeAndShape() {
        #expect("\(Tensor.zeros([2, 3], dtype: .bfloat16))" == "Tensor(bfloat16, [2, 3])")
        #expect("\(Tensor([1.0], shape: []))" == "Tensor(float64, [])")
    }
}
