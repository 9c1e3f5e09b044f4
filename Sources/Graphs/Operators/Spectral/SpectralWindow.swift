import Foundation
import Torch

/// A window that fades out at both ends, of a length that is given: `a₀ − a₁ cos(2πn/N) + a₂ cos(4πn/N)`.
struct SpectralWindow: Operator {
    static let names = ["BlackmanWindow", "HammingWindow", "HannWindow"]

    let coefficients: [Double]
    /// Whether the element after the last one would be the first again.
    let isPeriodic: Bool
    let kind: NumberKind

    init(_ node: Node) throws(GraphError) {
        try node.requireInputs(1...1)
        switch node.operation {
        case "BlackmanWindow": coefficients = [0.42, 0.5, 0.08]
        case "HammingWindow": coefficients = [25.0 / 46, 21.0 / 46, 0]
        default: coefficients = [0.5, 0.5, 0]
        }
        isPeriodic = try node.truth("periodic", default: true)
        kind = try node.numberKind("output_datatype") ?? .real
    }

    func evaluate(_ inputs: [Tensor?]) throws -> [Tensor] {
        let size = try size(inputs.required(0))
        let period = Double(isPeriodic ? size : size - 1)
        let elements = (0..<size).map { index in
            let angle = 2 * Double.pi * Double(index) / period
            return coefficients[0] - coefficients[1] * cos(angle) + coefficients[2] * cos(2 * angle)
        }
        return [kind.convert(Tensor(elements))]
    }

    private func size(_ given: Tensor) throws(OperandError) -> Int {
        let size = try given.integer()
        try checkedShape([size])
        return size
    }
}

extension SpectralWindow {
    /// Places are told apart.
    func label(_ inputs: [Value?], in labelling: inout Labelling) throws -> [Value] {
        [Value([.fixed(try size(inputs.required(0).known()))])]
    }
}
