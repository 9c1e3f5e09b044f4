import TestSupport
import Testing
import Torch

@Suite("Descent of sine networks", .oneThread) struct SineNetworkDescentTests {
    /// Networks and their pictures, in float64.
    struct Sample: Sendable, CustomTestStringConvertible {
        let widths: [Int]
        let height, width: Int
        /// Pixels that a step sees, all when nil.
        let seen: Int?
        var omegas = (7.0, 3.0)
        var networks = 2

        var testDescription: String { "\(widths) at \(height) × \(width), seeing \(seen.map(String.init) ?? "all")" }
        var rows: Tensor { .linearSpace(-1...1, count: height, dtype: .float64) }
        var columns: Tensor { .linearSpace(-0.75...1, count: width, dtype: .float64) }

        func parameters() -> [Tensor] {
            var random = RandomSource(seed: 1)
            return zip(widths, widths.dropFirst()).flatMap { inputs, outputs in
                let bound = (6 / Double(inputs)).squareRoot() / omegas.1
                return [[outputs, inputs], [outputs]].map {
                    Tensor.uniform(-bound...bound, shape: [networks] + $0, dtype: .float64, using: &random)
                        .to(.float32).to(.float64)
                }
            }
        }

        func targets() -> Tensor {
            var random = RandomSource(seed: 2)
            let shape = [networks, height * width, widths[widths.count - 1]]
            return .uniform(-1...1, shape: shape, dtype: .float64, using: &random)
        }

        /// What each of some steps sees, a pixel sometimes twice.
        func samples(steps: Int) -> [[Int]]? {
            var random = RandomSource(seed: 3)
            return seen.map { seen in
                (0..<steps).map { _ in (0..<seen).map { _ in .random(in: 0..<height * width, using: &random) } }
            }
        }

        func descent(betas: (Double, Double) = (0.9, 0.99)) -> SineNetworkDescent {
            SineNetworkDescent(
                parameters().map { $0.to(.float32) }, firstOmega: omegas.0, hiddenOmega: omegas.1, betas: betas)
        }

        func step(_ descent: inout SineNetworkDescent, rates: [Double], samples: [[Int]]?) {
            descent.step(
                learningRates: rates, rows: rows.to(.float32), columns: columns.to(.float32),
                targets: targets().to(.float32), samples: samples)
        }

        /// The sum of the networks' mean squared errors, by plain operators.
        func error(_ parameters: [Tensor], seeing samples: [Int]?) -> Tensor {
            let pixels = samples ?? Array(0..<height * width)
            let points = [(rows, pixels.map { $0 / width }), (columns, pixels.map { $0 % width })]
                .map { $0.gathered(0, at: $1).reshaped([1, pixels.count, 1]).expanded([networks, pixels.count, 1]) }
            var hidden = concatenate(points, axis: 2)
            for layer in 0..<widths.count - 1 {
                let weight = parameters[2 * layer].permuted([0, 2, 1])
                hidden = matmul(hidden, weight) + parameters[2 * layer + 1].expandingAxis(1)
                if layer < widths.count - 2 { hidden = sin(hidden * (layer == 0 ? omegas.0 : omegas.1)) }
            }
            return (hidden - targets().gathered(1, at: pixels)).squared.mean([1, 2]).sum
        }

        func gradients(_ parameters: [Tensor], seeing samples: [Int]?) -> [Tensor] {
            let variables = parameters.map(\.asVariable)
            return Torch.gradients(of: error(variables, seeing: samples), withRespectTo: variables)
        }
    }

    /// Widths around vectors of 4, 8 and 16 numbers, pixels around blocks of 6 and tiles of 48.
    static let samples = [
        Sample(widths: [2, 32, 32, 1], height: 9, width: 11, seen: nil),
        Sample(widths: [2, 32, 32, 1], height: 12, width: 12, seen: 50),
        Sample(widths: [2, 33, 17, 3], height: 7, width: 7, seen: nil),
        Sample(widths: [2, 3, 33, 5, 2], height: 6, width: 8, seen: 48),
        Sample(widths: [2, 1, 3, 2, 1], height: 5, width: 20, seen: 7),
        Sample(widths: [2, 17, 1], height: 1, width: 13, seen: nil),
        Sample(widths: [2, 8, 16, 24, 1], height: 20, width: 1, seen: 97),
        Sample(widths: [2, 6, 1], height: 1, width: 1, seen: nil),
        Sample(widths: [2, 3], height: 5, width: 9, seen: nil),
    ]

    @Test(
        "moments after a step that forgets are the gradients by plain operators, and their squares", arguments: samples)
    func gradients(sample: Sample) {
        var descent = sample.descent(betas: (0, 0))
        let pixels = sample.samples(steps: 1)
        sample.step(&descent, rates: [0], samples: pixels)
        let expected = sample.gradients(sample.parameters(), seeing: pixels?[0])
        for (found, expected) in zip(descent.firstMoment, expected) {
            expectClose(found, expected, relativeError: 1e-5)
        }
        for (found, expected) in zip(descent.secondMoment, expected) {
            expectClose(found, expected.squared, relativeError: 2e-5)
        }
        for (found, expected) in zip(descent.parameters, sample.parameters()) {
            expectClose(found, expected, relativeError: 0)
        }
    }

    @Test("steps are those of AdamW on gradients by plain operators", arguments: samples)
    func steps(sample: Sample) {
        let rates = [1e-3, 2e-3, 1.5e-3, 5e-4]
        let pixels = sample.samples(steps: rates.count)
        var descent = sample.descent()
        sample.step(&descent, rates: rates, samples: pixels)
        var model = Parameters(values: sample.parameters())
        var optimizer = AdamW(for: model, betas: (0.9, 0.99))
        for (step, rate) in rates.enumerated() {
            let gradients = sample.gradients(model.values, seeing: pixels?[step])
            optimizer.step(&model, gradients: gradients, learningRate: rate)
        }
        #expect(descent.stepCount == rates.count)
        for (found, (moved, start)) in zip(descent.parameters, zip(model.values, sample.parameters())) {
            expectClose(found.to(.float64) - start, moved - start, relativeError: 2e-3)
        }
    }

    private struct Parameters: Module {
        var values: [Tensor]

        mutating func visitParameters(_ visit: (String, inout Tensor) throws -> Void) rethrows {
            for index in values.indices { try visit("\(index)", &values[index]) }
        }
    }

    @Test("a network moves to the same bytes alone and in a batch, in one call and in several", arguments: samples)
    func bytes(sample: Sample) {
        let rates = [1e-2, 2e-2, 1e-2, 5e-3, 1e-3]
        let pixels = sample.samples(steps: rates.count)
        func elements(_ descent: SineNetworkDescent) -> [[Float]] {
            (descent.parameters + descent.firstMoment + descent.secondMoment).map { $0.elements(as: Float.self) }
        }
        var whole = sample.descent()
        sample.step(&whole, rates: rates, samples: pixels)
        var parts = sample.descent()
        for range in [0..<1, 1..<4, 4..<5] {
            sample.step(&parts, rates: Array(rates[range]), samples: pixels.map { Array($0[range]) })
        }
        #expect(elements(whole) == elements(parts))
        let first = sample.parameters().map { $0.narrowed(0, to: 0..<1).to(.float32) }
        var alone = SineNetworkDescent(
            first, firstOmega: sample.omegas.0, hiddenOmega: sample.omegas.1, betas: (0.9, 0.99))
        alone.step(
            learningRates: rates, rows: sample.rows.to(.float32), columns: sample.columns.to(.float32),
            targets: sample.targets().narrowed(0, to: 0..<1).to(.float32), samples: pixels)
        let together = (whole.parameters + whole.firstMoment + whole.secondMoment).map { $0.narrowed(0, to: 0..<1) }
        #expect(elements(alone) == together.map { $0.elements(as: Float.self) })
    }

    @Test("gradients are right where phases are thousands, as far as float32 can tell those apart")
    func largePhases() {
        var sample = Sample(widths: [2, 9, 1], height: 8, width: 8, seen: nil)
        for (omega, bound) in [(3.0, 1e-5), (300, 3e-4), (3000, 3e-3)] {
            sample.omegas = (omega, 3)
            var descent = sample.descent(betas: (0, 0))
            sample.step(&descent, rates: [0], samples: nil)
            let expected = sample.gradients(sample.parameters(), seeing: nil)
            for (found, expected) in zip(descent.firstMoment, expected) {
                expectClose(found, expected, relativeError: bound)
            }
        }
    }

    @Test("shapes that do not fit and pixels outside of the picture trap")
    func traps() async {
        await #expect(processExitsWith: .failure) {
            _ = SineNetworkDescent([.ones([1, 4, 3]), .ones([1, 4])], firstOmega: 1, hiddenOmega: 1)
        }
        await #expect(processExitsWith: .failure) {
            var descent = SineNetworkDescent([.ones([1, 4, 2]), .ones([1, 4])], firstOmega: 1, hiddenOmega: 1)
            descent.step(learningRates: [1], rows: .ones([2]), columns: .ones([3]), targets: .ones([1, 6, 3]))
        }
        await #expect(processExitsWith: .failure) {
            var descent = SineNetworkDescent([.ones([1, 4, 2]), .ones([1, 4])], firstOmega: 1, hiddenOmega: 1)
            descent.step(
                learningRates: [1], rows: .ones([2]), columns: .ones([3]), targets: .ones([1, 6, 4]), samples: [[6]])
        }
    }
}
