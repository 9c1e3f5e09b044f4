import Experiments
import TestSupport
import Testing
import Torch

@Suite(.oneThread) struct RidgeRegressionTests {
    private var random = RandomSource(seed: 3)

    @Test("a linear law is recovered, whatever the units of its inputs, and holds for others")
    mutating func linearLaw() throws {
        let units = Tensor([1e-6, 1, 1e4, 0.3])
        func inputs(_ count: Int) -> Tensor {
            Tensor.normal(shape: [count, 4], dtype: .float64, using: &random) * units + units * 3
        }
        let coefficients = Tensor([2e6, -1, 0, 0.5], shape: [4, 1])
        func law(_ inputs: Tensor) -> [Double] { (matmul(inputs, coefficients) + 7.0).reshaped([-1]).elements() }
        let (known, new) = (inputs(50), inputs(20))
        let regression = try RidgeRegression(known, targets: law(known), penalty: 0)
        expectClose(Tensor(regression(new)), Tensor(law(new)), relativeError: 1e-10)
        let penalised = try RidgeRegression(known, targets: law(known), penalty: 1)
        #expect(relativeError(Tensor(penalised(new)), Tensor(law(new))) > 0.01)
    }

    @Test("one standardised input has the weight cov / (1 + λ)")
    func shrinkage() throws {
        let inputs = Tensor([-3.0, -1, 1, 3], shape: [4, 1])
        let regression = try RidgeRegression(inputs, targets: [0, 0, 1, 1], penalty: 0.5)
        // σ = √5, cov(z, y) = 2/√5 / 2, so ŷ = ½ + x/√5 · (1/√5) / 1.5.
        #expect(zip(regression(inputs), [-3, -1, 1, 3]).allSatisfy { abs($0 - 0.5 - $1 / 5 / 1.5) < 1e-14 })
    }

    @Test("inputs that do not vary say nothing, even where they vary later")
    mutating func constantInputs() throws {
        let varying = Tensor.normal(shape: [30, 1], dtype: .float64, using: &random)
        let constant = Tensor(repeating: 0.1, shape: [30, 1], dtype: .float64)
        let targets: [Double] = (varying * 2.0).reshaped([-1]).elements()
        let regression = try RidgeRegression(
            concatenate([constant, varying], axis: 1), targets: targets, penalty: 0)
        expectClose(
            Tensor(regression(concatenate([varying, varying], axis: 1))), Tensor(targets), relativeError: 1e-12)
    }
}
