import TestSupport
import Testing
import Torch

@Suite(.oneThread) struct LayerNormTests {
    /// Rows around vectors (2 to 16 lanes) and around halves of them.
    static let shapes = [
        [4], [0, 4], [5, 1], [2, 3, 6], [7, 8], [2, 2, 3, 15], [9, 16], [3, 17], [2, 33], [13, 54], [6, 100],
    ]

    private static func inputs(_ shape: [Int]) -> (x: Tensor, scale: Tensor, shift: Tensor, weights: Tensor) {
        var random = RandomSource(seed: 6)
        func normal(_ shape: [Int]) -> Tensor { .normal(shape: shape, dtype: .float64, using: &random) }
        let channels = [shape[shape.count - 1]]
        return (normal(shape) * 3 + 1, normal(channels), normal(channels), normal(shape))
    }

    private static func plain(_ x: Tensor, _ scale: Tensor?, _ shift: Tensor?, isRectified: Bool) -> Tensor {
        let centred = x - x.mean([-1], keepingAxes: true)
        var result = centred / sqrt(centred.squared.mean([-1], keepingAxes: true) + 0.1)
        if let scale { result = result * scale }
        if let shift { result = result + shift }
        return isRectified ? relu(result) : result
    }

    private static func fused(_ x: Tensor, _ scale: Tensor?, _ shift: Tensor?, isRectified: Bool) -> Tensor {
        layerNorm(x, scale: scale, shift: shift, epsilon: 0.1, isRectified: isRectified)
    }

    /// What `compute` makes, in the type `dtype`, of inputs that are stored as `stored`, and the gradients of a weighted sum of
    /// it; in float64.
    private static func results(
        _ shape: [Int], stored: DType, in dtype: DType, isRectified: Bool,
        _ compute: (Tensor, Tensor?, Tensor?, Bool) -> Tensor
    ) -> [Tensor] {
        let (x, scale, shift, weights) = inputs(shape)
        let parameters = dtype == .bfloat16 ? DType.float32 : dtype
        let variables = [x.to(stored).to(dtype), scale.to(parameters), shift.to(parameters)].map(\.asVariable)
        let y = compute(variables[0], variables[1], variables[2], isRectified)
        let loss = (y * weights.to(stored).to(dtype)).sum
        return ([y.detached] + gradients(of: loss, withRespectTo: variables)).map { $0.to(.float64) }
    }

    @Test(
        "values and gradients are those of plain operators in float64", arguments: shapes,
        [(DType.float64, 1e-12), (.float32, 1e-5), (.bfloat16, 0.01)])
    func agreement(shape: [Int], type: (dtype: DType, error: Double)) {
        for isRectified in [false, true] {
            let found = Self.results(shape, stored: type.dtype, in: type.dtype, isRectified: isRectified, Self.fused)
            let expected = Self.results(shape, stored: type.dtype, in: .float64, isRectified: isRectified, Self.plain)
            for (found, expected) in zip(found, expected) {
                #expect(found.shape == expected.shape)
                expectClose(found, expected, relativeError: type.error)
            }
        }
    }

    @Test func scaleAndShiftAreOneAndZeroWhereThereAreNone() {
        let (x, scale, shift, _) = Self.inputs([3, 5])
        for (scale, shift) in [(nil, nil), (scale, nil), (nil, shift)] {
            expectClose(
                Self.fused(x, scale, shift, isRectified: true), Self.plain(x, scale, shift, isRectified: true),
                relativeError: 1e-13)
        }
    }

    @Test func gradientsMatchCentralDifferences() {
        let (x, scale, shift, weights) = Self.inputs([2, 3, 5])
        for isRectified in [false, true] {
            expectGradientsMatchCentralDifferences(
                of: { (Self.fused($0[0], $0[1], $0[2], isRectified: isRectified) * weights).sum },
                at: [x, scale, shift])
        }
    }

    @Test func rowsThatAreNotContiguousAreRead() {
        let x = Self.inputs([4, 6]).x
        let transposed = x.permuted([1, 0])
        let copy = Tensor(transposed.elements(as: Double.self), shape: transposed.shape)
        #expect(layerNorm(transposed).elements(as: Double.self) == layerNorm(copy).elements(as: Double.self))
    }

    @Test func gradientsThatOthersReadAreNotWrittenOver() {
        let (x, _, _, weights) = Self.inputs([4, 6])
        let variable = x.asVariable
        let before = weights.elements(as: Double.self)
        _ = gradients(of: [layerNorm(variable)], weightedBy: [weights], withRespectTo: [variable])
        #expect(weights.elements(as: Double.self) == before)
    }

    @Test func notANumberStaysInItsRow() {
        let y = layerNorm(Tensor([1.0, .nan, 3, 1, 2, 3], shape: [2, 3]), isRectified: true).elements(as: Double.self)
        #expect(y[..<3].allSatisfy { $0.isNaN })
        #expect(y[3...].allSatisfy { $0.isFinite })
    }

    @Test func parametersOfAnotherShapeOrTypeTrap() async throws {
        let shape = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
            _ = layerNorm(.zeros([2, 3]), scale: .ones([4]))
        }
        let type = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
            _ = layerNorm(.zeros([2, 3]), shift: .zeros([3], dtype: .float64))
        }
        for result in [shape, type] {
            let message = try #require(result).standardErrorText
            #expect(message.contains("expected a scale and a shift for each of 3 channels"))
        }
    }
}
