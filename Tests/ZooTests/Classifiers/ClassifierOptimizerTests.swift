import Foundation
import TestSupport
import Testing
import Torch

@testable import Zoo

@Suite(.oneThread) struct ClassifierOptimizerTests {
    /// Three steps on one parameter, worked out with the published formulas.
    private func expected(
        _ optimizer: ClassifierOptimizer, from start: Double, _ gradients: [Double], rate: Double
    ) -> Double {
        var (x, m, v) = (start, 0.0, 0.0)
        for (step, g) in gradients.enumerated() {
            switch optimizer {
            case .adam:
                m = 0.9 * m + 0.1 * g
                v = 0.999 * v + 0.001 * g * g
                let t = Double(step + 1)
                x -= rate * (m / (1 - pow(0.9, t))) / ((v / (1 - pow(0.999, t))).squareRoot() + 1e-8)
            case .sgd:
                m = 0.9 * m + g
                x -= rate * m
            case .rmsprop:
                v = 0.9 * v + 0.1 * g * g
                x -= rate * g / (v.squareRoot() + 1e-7)
            }
        }
        return x
    }

    @Test("three steps are those of the formulas", arguments: ClassifierOptimizer.allCases)
    func steps(optimizer: ClassifierOptimizer) {
        let starts = [0.5, -1.2, 3]
        let gradients = [[0.3, -2, 1e-3], [-0.1, -1, 2e-3], [0.7, 0.2, 0]]
        let start = Tensor(starts, shape: [1, 3])
        var row = start
        var state = ClassifierOptimizerState(optimizer, learningRate: 0.01, count: 3, dtype: .float64)
        for gradient in gradients { row = state.step(row, gradient: Tensor(gradient, shape: [1, 3])) }
        let ends = starts.indices.map { index in
            expected(optimizer, from: starts[index], gradients.map { $0[index] }, rate: 0.01)
        }
        expectClose(row - start, Tensor(ends, shape: [1, 3]) - start, relativeError: 1e-10)
    }
}
