public import Testing
public import Torch

/// Expects the gradients of a scalar function to be its central differences, `(f(x + hd) − f(x − hd)) / 2h`.
///
/// Inputs of up to 64 elements are checked along every coordinate, larger ones along 16 random directions.
///
/// - Input: float64 tensors, away from the function's kinks by more than `h = 1e-5`.
public func expectGradientsMatchCentralDifferences(
    of function: ([Tensor]) throws -> Tensor, at inputs: [Tensor], relativeError bound: Double = 1e-7,
    _ comment: @autoclosure () -> Comment? = nil, sourceLocation: SourceLocation = #_sourceLocation
) rethrows {
    precondition(inputs.allSatisfy { $0.dtype == .float64 }, "central differences need float64 inputs")
    let variables = inputs.map(\.asVariable)
    let analytic = gradients(of: try function(variables), withRespectTo: variables)
    var random = RandomSource(seed: 0)
    for (index, input) in inputs.enumerated() {
        let directions = directions(over: input.count, using: &random)
        let numeric = try (0..<directions.size(0)).map { row in
            let step = directions.narrowed(0, to: row..<row + 1).reshaped(input.shape) * stepSize
            var (forward, backward) = (inputs, inputs)
            forward[index] = input + step
            backward[index] = input - step
            return (try function(forward).item - function(backward).item) / (2 * stepSize)
        }
        expectClose(
            matmul(directions, analytic[index].reshaped([-1])), Tensor(numeric), relativeError: bound,
            "gradient for input \(index)\(comment().map { ", \($0)" } ?? "")", sourceLocation: sourceLocation)
    }
}

private let stepSize = 1e-5

/// Directions as rows, `[directions, count]`: the coordinates, or random ones where there are many.
private func directions(over count: Int, using random: inout RandomSource) -> Tensor {
    count <= 64
        ? Tensor.ones([count], dtype: .float64).diagonalEmbedding(0, 1)
        : .normal(shape: [16, count], dtype: .float64, using: &random)
}
