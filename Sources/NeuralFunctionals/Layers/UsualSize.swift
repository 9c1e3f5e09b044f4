internal import Foundation
internal import Torch

/// Linear near zero, where it keeps the sign, and a logarithm from one on, so that numbers of very different size are told
/// apart.
func asinh(_ x: Tensor) -> Tensor {
    do { return try aten("asinh", x) } catch { preconditionFailure("\(error)") }
}

/// The usual size of weights over networks that may differ by orders of magnitude: the geometric mean of the networks'
/// root mean squares. Networks of zeros or of numbers that are not finite do not count.
struct UsualSize {
    private var logarithms = 0.0
    private var count = 0

    /// - Parameter weights: `[networks, …]`.
    mutating func add(_ weights: Tensor) {
        let squares = weights.to(.float64).reshaped([weights.size(0), -1]).squared.mean([1])
        for square in squares.elements(as: Double.self) where square > 1e-24 && square.isFinite {
            logarithms += log(square) / 2
            count += 1
        }
    }

    /// The size, one where no network counts.
    var value: Double { count == 0 ? 1 : exp(logarithms / Double(count)) }
}
