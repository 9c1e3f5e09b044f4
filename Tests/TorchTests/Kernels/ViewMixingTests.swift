import TestSupport
import Testing
import Torch

@Suite(.oneThread) struct ViewMixingTests {
    /// Views of some axes; where the shape has one more, the first behind the batch is to be averaged.
    struct Case: Sendable, CustomTestStringConvertible {
        let axes: Int
        let views: [[Int]]
        let widths: [Int]
        var hasBias = false
        var testDescription: String { "\(views) to \(widths)" }
    }

    static let cases = [
        Case(axes: 0, views: [[3, 4]], widths: [2]),
        Case(axes: 0, views: [[3, 5, 4], [3, 2], [3, 1, 1]], widths: [2, 1, 4], hasBias: true),
        Case(axes: 1, views: [[2, 7, 3], [2, 7, 5]], widths: [6]),
        Case(axes: 1, views: [[2, 7, 3], [2, 4, 7, 5]], widths: [1, 3], hasBias: true),
        Case(axes: 2, views: [[2, 3, 3, 2], [2, 3, 3, 4]], widths: [5, 2]),
    ]

    private static func inputs(_ sample: Case) -> (views: [Tensor], weight: Tensor, bias: Tensor) {
        var random = RandomSource(seed: 4)
        func normal(_ shape: [Int]) -> Tensor { .normal(shape: shape, dtype: .float64, using: &random) }
        let views = sample.views.map(normal)
        let written = sample.widths.reduce(0, +)
        return (views, normal([views.reduce(0) { $0 + $1.size(-1) }, written]), normal([written]))
    }

    private static func plain(_ sample: Case, _ views: [Tensor], _ weight: Tensor, _ bias: Tensor) -> [Tensor] {
        let averaged = views.map { $0.rank == sample.axes + 3 ? $0.mean([1]) : $0 }
        let mixed = matmul(concatenate(averaged, axis: -1), weight)
        return (sample.hasBias ? mixed + bias : mixed).split(-1, into: sample.widths)
    }

    private static func mixed(_ sample: Case, _ views: [Tensor], _ weight: Tensor, _ bias: Tensor) -> [Tensor] {
        mixViews(
            views, axes: sample.axes, weight: weight, bias: sample.hasBias ? bias : nil, widths: sample.widths)
    }

    @Test("values and gradients are those of plain operators, whichever results they come from", arguments: cases)
    func agreement(sample: Case) {
        let (views, weight, bias) = Self.inputs(sample)
        for used in [Array(sample.widths.indices), [0], [sample.widths.count - 1]] {
            func run(_ compute: (Case, [Tensor], Tensor, Tensor) -> [Tensor]) -> [Tensor] {
                let variables = (views + [weight, bias]).map(\.asVariable)
                let results = compute(
                    sample, Array(variables.dropLast(2)), variables[views.count], variables[views.count + 1])
                let loss = used.map { exp(results[$0] * 0.1).sum }.reduce(.zeros([], dtype: .float64), +)
                return results.map(\.detached) + gradients(of: loss, withRespectTo: variables)
            }
            for (found, expected) in zip(run(Self.mixed), run(Self.plain)) {
                #expect(found.shape == expected.shape)
                expectClose(found, expected, relativeError: 1e-13)
            }
        }
    }

    /// Rows around pieces of 1, 4 and 6 and around where libtorch takes over; channels around vectors, and around the sixteen
    /// rows of a weight that are taken at a time.
    @Test(
        "few rows in float32 are mixed as in float64, gradients too", arguments: [1, 4, 7, 8, 14, 32, 33],
        [[1, 1], [15, 33], [16, 32], [50, 17], [257, 100]])
    func fewRows(rows: Int, channels: [Int]) {
        var random = RandomSource(seed: 5)
        let shapes = [[rows, channels[0]], channels, [channels[1]], [rows, channels[1]]]
        let inputs = shapes.map { Tensor.normal(shape: $0, dtype: .float64, using: &random) }
        func run(_ dtype: DType, hasBias: Bool) -> [Tensor] {
            let inputs = inputs.map { $0.to(dtype) }
            let variables = inputs.dropLast().map(\.asVariable)
            let result = mixViews(
                [variables[0]], axes: 0, weight: variables[1], bias: hasBias ? variables[2] : nil,
                widths: [channels[1]])[0]
            return [result.detached] + gradients(of: (result * inputs[3]).sum, withRespectTo: variables)
        }
        for hasBias in [false, true] {
            let (found, expected) = (run(.float32, hasBias: hasBias), run(.float64, hasBias: hasBias))
            for (found, expected) in zip(found, expected) {
                expectClose(found.to(.float64), expected, relativeError: 1e-6)
            }
        }
    }

    @Test("few rows that do not lie row by row, and weights that do not", arguments: [0, 1, 2]) func turned(which: Int)
    {
        var random = RandomSource(seed: 5)
        let (x, weight) = (
            Tensor.normal(shape: [7, 20], using: &random), Tensor.normal(shape: [20, 33], using: &random)
        )
        let cotangent = Tensor.normal(shape: [7, 33], using: &random)
        func run(turning: Int?) -> [Tensor] {
            let inputs = [x, weight, cotangent].enumerated().map { index, tensor in
                index == turning ? (tensor.permuted([1, 0]) + 0).permuted([1, 0]) : tensor
            }
            let variables = inputs.prefix(2).map(\.asVariable)
            let result = mixViews([variables[0]], axes: 0, weight: variables[1], bias: nil, widths: [33])[0]
            return [result.detached]
                + gradients(of: [result], weightedBy: [inputs[2]], withRespectTo: Array(variables))
        }
        for (found, expected) in zip(run(turning: which), run(turning: nil)) {
            expectClose(found, expected, relativeError: 1e-6)
        }
    }

    @Test("columns of views, as permuted arrays have them, are read right") func permutedViews() {
        let sample = Case(axes: 2, views: [[2, 3, 4, 2]], widths: [3])
        let (views, weight, bias) = Self.inputs(sample)
        let permuted = [views[0].permuted([0, 2, 1, 3])]
        expectClose(
            Self.mixed(sample, permuted, weight, bias)[0], Self.plain(sample, permuted, weight, bias)[0],
            relativeError: 1e-13)
    }

    @Test("vectors and scalars are added as plain operators would, gradients too", arguments: [false, true])
    func vectorSums(isRectified: Bool) {
        var random = RandomSource(seed: 8)
        let inputs = [[2, 5, 3], [2, 3]].map { Tensor.normal(shape: $0, dtype: .float64, using: &random) }
        func run(_ compute: (Tensor, Tensor) -> Tensor) -> [Tensor] {
            let variables = inputs.map(\.asVariable)
            let result = compute(variables[0], variables[1])
            return [result.detached] + gradients(of: result.squared.sum, withRespectTo: variables)
        }
        let found = run { sum(of: $0, and: $1, isRectified: isRectified) }
        let expected = run { isRectified ? relu($0 + $1.expandingAxis(1)) : $0 + $1.expandingAxis(1) }
        for (found, expected) in zip(found, expected) { expectClose(found, expected, relativeError: 1e-14) }
    }

    @Test func widthsThatDoNotFitTrap() async throws {
        let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
            _ = mixViews([.ones([2, 3])], axes: 0, weight: .ones([3, 4]), bias: nil, widths: [2, 1])
        }
        #expect(try #require(result).standardErrorText.contains("expected weight [3, 3], got [3, 4]"))
    }

    @Test func viewsOfOtherAxesTrap() async throws {
        let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
            _ = mixViews([.ones([2, 3])], axes: 1, weight: .ones([3, 3]), bias: nil, widths: [3])
        }
        #expect(try #require(result).standardErrorText.contains("expected views of 1 axes, got [2, 3]"))
    }
}
