import TestSupport
import Testing
import Torch

@Suite(.oneThread) struct FourierMatricesTests {
    struct Case: Sendable, CustomTestStringConvertible {
        let batch, n, m, positions, frequencies, written: Int
        var deviation = 1.0
        var testDescription: String {
            "[\(batch), \(n), \(m), \(positions)], \(frequencies) frequencies to \(written), deviation \(deviation)"
        }
    }

    /// Widths around panels and tiles, wide and high matrices, several positions; from a few places to thousands.
    static let cases = [
        Case(batch: 8, n: 32, m: 32, positions: 1, frequencies: 128, written: 64),
        Case(batch: 1, n: 1000, m: 3, positions: 1, frequencies: 5, written: 1),
        Case(batch: 1, n: 3, m: 1000, positions: 1, frequencies: 16, written: 5),
        Case(batch: 2, n: 33, m: 17, positions: 3, frequencies: 8, written: 33),
        Case(batch: 3, n: 40, m: 41, positions: 9, frequencies: 3, written: 100),
        Case(batch: 2, n: 64, m: 130, positions: 1, frequencies: 64, written: 16, deviation: 10),
        Case(batch: 8, n: 32, m: 32, positions: 1, frequencies: 128, written: 3, deviation: 0.05),
    ]

    private let sample: Case
    private let numbers, halfTurns: Tensor
    /// Weight, rows, columns and scalars.
    private let inputs: [Tensor]

    private init(_ sample: Case) {
        self.sample = sample
        var random = RandomSource(seed: 3)
        numbers =
            .normal(shape: [sample.batch, sample.n, sample.m, sample.positions], using: &random) * sample.deviation
        halfTurns = .normal(shape: [1, sample.frequencies], using: &random) * 6
        let read = sample.positions * (1 + 2 * sample.frequencies)
        let shapes = [
            [read, sample.written], [sample.batch, sample.n, sample.written], [sample.batch, sample.m, sample.written],
            [sample.batch, sample.written],
        ]
        inputs = shapes.map { .uniform(-1...1, shape: $0, using: &random) }
    }

    init() { self.init(Self.cases[0]) }

    private func matrices() throws -> FourierMatrices { try #require(FourierMatrices(numbers, halfTurns: halfTurns)) }

    /// The features in float64, by plain operators, of the angles as float32 rounds them.
    private var features: Tensor {
        let flat = numbers.reshaped([-1, 1])
        let angles = (flat * halfTurns).to(.float64) * Double.pi
        return concatenate([flat.to(.float64), sin(angles), cos(angles)], axis: -1)
            .reshaped(numbers.shape.dropLast() + [-1])
    }

    /// Values, means of rows and of columns, and the gradients of the inputs, where all results are used.
    private func run(_ inputs: [Tensor], _ compute: ([Tensor]) -> [Tensor]) -> [Tensor] {
        let variables = inputs.map(\.asVariable)
        let results = compute(variables)
        var random = RandomSource(seed: 6)
        let loss = results.map { result in
            (result.to(.float64) * Tensor.normal(shape: result.shape, dtype: .float64, using: &random)).sum
        }.reduce(Tensor.zeros([], dtype: .float64), +)
        return results.map(\.detached) + gradients(of: loss, withRespectTo: variables)
    }

    private func mixed(_ matrices: FourierMatrices, _ inputs: [Tensor], isRectified: Bool) -> [Tensor] {
        let (values, means) = mixMatrices(
            matrices, weight: inputs[0], rows: inputs[1], columns: inputs[2], scalars: inputs[3],
            isRectified: isRectified, averages: true)
        return [values] + (means.map { [$0.rows, $0.columns] } ?? [])
    }

    @Test("products, their means and gradients are those of stored features", arguments: cases)
    func agreement(sample: Case) throws {
        let test = Self(sample)
        let (matrices, features) = (try test.matrices(), test.features)
        for isRectified in [false, true] {
            let found = test.run(test.inputs) { test.mixed(matrices, $0, isRectified: isRectified) }
            let expected = test.run(test.inputs.map { $0.to(.float64) }) { inputs in
                let sum =
                    matmul(features, inputs[0]) + inputs[1].expandingAxis(2) + inputs[2].expandingAxis(1)
                    + inputs[3].expandingAxis(1).expandingAxis(1)
                let values = isRectified ? relu(sum) : sum
                return [values, values.mean([2]), values.mean([1])]
            }
            #expect(found.count == 7)
            // Of angles of a thousand half turns, float32 knows the fourth digit behind the point.
            let error = sample.deviation > 1 ? 1e-4 : 1e-5
            for (found, expected) in zip(found, expected) {
                expectClose(found.to(.float64), expected, relativeError: error)
            }
        }
    }

    @Test("features and their means are those of plain operators", arguments: cases)
    func features(sample: Case) throws {
        let test = Self(sample)
        let (matrices, features) = (try test.matrices(), test.features)
        let means = matrices.means
        for (found, expected) in [
            (matrices.array, features), (means.rows, features.mean([2])), (means.columns, features.mean([1])),
        ] {
            #expect(found.shape == expected.shape && found.dtype == .float32)
            expectClose(found.to(.float64), expected, relativeError: 1e-5)
        }
        #expect(matrices.shape == features.shape)
    }

    /// A weight that is the identity, so that the highest frequency counts as much as the others.
    @Test(
        "each feature is interpolated as well as float32 knows its angle", arguments: cases.filter { $0.deviation <= 1 }
    )
    func singleFeatures(sample: Case) throws {
        let test = Self(sample)
        let matrices = try test.matrices(), width = 1 + 2 * sample.frequencies
        let size = sample.positions * width
        let weight = Tensor((0..<size * size).map { $0 % (size + 1) == 0 ? Float(1) : 0 }, shape: [size, size])
        let (rows, columns) = ([sample.batch, sample.n, size], [sample.batch, sample.m, size])
        let found = mixMatrices(
            matrices, weight: weight, rows: .zeros(rows), columns: .zeros(columns), isRectified: false,
            averages: false
        ).values
        // Numbers are larger than sines and cosines.
        let scale = max(1, test.numbers.magnitude.maximum([0, 1, 2, 3]).item)
        expectClose((found - matrices.array) / scale + 1, .ones(found.shape), relativeError: 1e-5)
    }

    @Test("products stored as bfloat16 are those in float32, rounded; their gradients too", arguments: cases)
    func bfloat16(sample: Case) throws {
        let test = Self(sample)
        let matrices = try test.matrices(), rounded = matrices.storing(as: .bfloat16)
        #expect(rounded.array.dtype == .bfloat16)
        let found = test.mixed(rounded, test.inputs, isRectified: true)
        let expected = test.mixed(matrices, test.inputs, isRectified: true)
        #expect(found.map(\.dtype) == [.bfloat16, .float32, .float32])
        expectClose(found[0].to(.float32), expected[0], relativeError: 1 / 256)
        for index in [1, 2] { expectClose(found[index], expected[index], relativeError: 0) }
        let gradients = [rounded, matrices].map { matrices in
            test.run(test.inputs) { [test.mixed(matrices, $0, isRectified: false)[0]] }.dropFirst()
        }
        for (found, expected) in zip(gradients[0], gradients[1]) {
            expectClose(found, expected, relativeError: 1 / 128)
        }
    }

    @Test("what a table is no use for, or has no end, is not tabulated")
    func notTabulated() {
        var random = RandomSource(seed: 1)
        let few = Tensor.normal(shape: [1, 10, 10, 1], using: &random)
        let numbers = Tensor.normal(shape: [1, 100, 100, 1], using: &random)
        let far = numbers * 0.01 + 1e5
        let outlier = concatenate([numbers, Tensor(repeating: 1e6, shape: [1, 1, 100, 1])], axis: 1)
        for value in [Double.nan, .infinity, -.infinity] {
            let broken = concatenate([numbers, Tensor(repeating: value, shape: [1, 1, 100, 1])], axis: 1)
            #expect(FourierMatrices(broken, halfTurns: halfTurns) == nil)
        }
        for numbers in [few, far, outlier, numbers * 0, numbers * 0 + 3, .zeros([0, 4, 4, 1])] {
            #expect(FourierMatrices(numbers, halfTurns: halfTurns) == nil)
        }
        #expect(FourierMatrices(numbers, halfTurns: halfTurns * 0) == nil)
        #expect(FourierMatrices(numbers, halfTurns: halfTurns) != nil)
    }

    @Test("matrices are read in any order of their elements")
    func permuted() throws {
        let turned = try #require(FourierMatrices(numbers.permuted([0, 2, 1, 3]), halfTurns: halfTurns))
        let found = mixed(turned, [inputs[0], inputs[2], inputs[1], inputs[3]], isRectified: true)
        let expected = mixed(try matrices(), inputs, isRectified: true)
        expectClose(found[0].permuted([0, 2, 1, 3]), expected[0], relativeError: 1e-6)
        expectClose(turned.array.permuted([0, 2, 1, 3]), try matrices().array, relativeError: 0)
    }

    /// Mixes the nine features of each of 100 by 100 numbers.
    private static func mix(weight: [Int], columns: [Int]) throws {
        let matrices = FourierMatrices(
            .linearSpace(-1...1, count: 10_000).reshaped([1, 100, 100, 1]), halfTurns: .ones([1, 4]) * 8)
        _ = mixMatrices(
            try #require(matrices), weight: .ones(weight), rows: .ones([1, 100, 5]), columns: .ones(columns),
            isRectified: true, averages: true)
    }

    @Test("weights, vectors and matrices that do not fit trap")
    func traps() async throws {
        try Self.mix(weight: [9, 5], columns: [1, 100, 5])
        let results = [
            await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
                try Self.mix(weight: [9, 5], columns: [1, 99, 5])
            },
            await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
                try Self.mix(weight: [8, 5], columns: [1, 100, 5])
            },
            await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
                _ = FourierMatrices(Tensor.ones([1, 100, 100, 1]).asVariable, halfTurns: .ones([1, 4]))
            },
            await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
                _ = FourierMatrices(.ones([100, 100]), halfTurns: .ones([1, 4]))
            },
        ]
        let reasons = [
            "expected one vector per column, got [1, 99, 5]", "shapes cannot be multiplied", "expected constants",
            "expected x [batch, rows, columns, positions]",
        ]
        for (result, reason) in zip(results, reasons) {
            #expect(try #require(result).standardErrorText.contains(reason))
        }
    }
}
