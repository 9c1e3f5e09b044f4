import Foundation
import Testing
import Torch

/// An elementwise operator of `Torch` beside the same function of plain numbers.
struct ElementwiseOperator: Sendable, CustomTestStringConvertible {
    /// Where the operator is defined and smooth.
    enum Domain {
        /// `0.1 ≤ |x| ≤ 2`
        case awayFromZero
        /// `0.5 ≤ x ≤ 2`
        case positive
    }

    var testDescription: String
    var domain: Domain
    var operandCount: Int
    var onTensors: @Sendable ([Tensor]) -> Tensor
    var onNumbers: @Sendable ([Double]) -> Double

    init(
        _ name: String, domain: Domain = .awayFromZero, _ onTensor: @escaping @Sendable (Tensor) -> Tensor,
        _ onNumber: @escaping @Sendable (Double) -> Double
    ) {
        (testDescription, self.domain, operandCount) = (name, domain, 1)
        onTensors = { onTensor($0[0]) }
        onNumbers = { onNumber($0[0]) }
    }

    init(
        _ name: String, _ onTensors: @escaping @Sendable (Tensor, Tensor) -> Tensor,
        _ onNumbers: @escaping @Sendable (Double, Double) -> Double
    ) {
        (testDescription, domain, operandCount) = (name, .awayFromZero, 2)
        self.onTensors = { onTensors($0[0], $0[1]) }
        self.onNumbers = { onNumbers($0[0], $0[1]) }
    }

    /// Random float64 operands of one shape, inside the domain.
    func operands(shape: [Int], using random: inout RandomSource) -> [Tensor] {
        (0..<operandCount).map { _ in
            switch domain {
            case .positive: .uniform(0.5...2, shape: shape, dtype: .float64, using: &random)
            case .awayFromZero:
                Tensor(
                    (0..<shape.reduce(1, *)).map { _ in
                        Double.random(in: 0.1...2, using: &random) * (Bool.random(using: &random) ? 1 : -1)
                    }, shape: shape)
            }
        }
    }

    static let all = [
        ElementwiseOperator("a + b", { $0 + $1 }, { $0 + $1 }),
        ElementwiseOperator("a - b", { $0 - $1 }, { $0 - $1 }),
        ElementwiseOperator("a * b", { $0 * $1 }, { $0 * $1 }),
        ElementwiseOperator("a / b", { $0 / $1 }, { $0 / $1 }),
        ElementwiseOperator("x + 3", { $0 + 3 }, { $0 + 3 }),
        ElementwiseOperator("x - 3", { $0 - 3 }, { $0 - 3 }),
        ElementwiseOperator("x * 3", { $0 * 3 }, { $0 * 3 }),
        ElementwiseOperator("x / 3", { $0 / 3 }, { $0 / 3 }),
        ElementwiseOperator("-x", { -$0 }, { -$0 }),
        ElementwiseOperator("squared", { $0.squared }, { $0 * $0 }),
        ElementwiseOperator("magnitude", { $0.magnitude }, { abs($0) }),
        ElementwiseOperator("exp", { exp($0) }, { exp($0) }),
        ElementwiseOperator("log", domain: .positive, { log($0) }, { log($0) }),
        ElementwiseOperator("sqrt", domain: .positive, { sqrt($0) }, { $0.squareRoot() }),
        ElementwiseOperator("sin", { sin($0) }, { sin($0) }),
        ElementwiseOperator("cos", { cos($0) }, { cos($0) }),
        ElementwiseOperator("tanh", { tanh($0) }, { tanh($0) }),
        ElementwiseOperator("relu", { relu($0) }, { max($0, 0) }),
        ElementwiseOperator("gelu", { gelu($0) }, { $0 * erfc(-$0 / 2.0.squareRoot()) / 2 }),
        ElementwiseOperator("silu", { silu($0) }, { $0 / (1 + exp(-$0)) }),
    ]
}
