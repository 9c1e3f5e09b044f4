internal import CTorch

/// The mean squared error of each of a batch of sine networks, and its gradients, in one pass over the pixels.
///
/// `h₀ = x`, `hₗ = sin(ωₗ(Wₗ hₗ₋₁ + bₗ))`, a linear last layer; one thread does all the work.
///
/// - Input: `parameters` weight and bias by turns, float32 on the CPU, `[networks, outputs, inputs]` and
///   `[networks, outputs]`; `points` `[pixels, inputs]`; `targets` `[networks, pixels, channels]`.
/// - Output: errors `[networks]`, and the gradient of their sum for each parameter.
/// - Traps: when shapes do not fit each other.
public func sineNetworkGradients(
    _ parameters: [Tensor], at points: Tensor, to targets: Tensor, firstOmega: Double, hiddenOmega: Double
) -> (errors: Tensor, gradients: [Tensor]) {
    let networks = targets.size(0)
    var width = points.size(1)
    for (weight, bias) in stride(from: 0, to: parameters.count, by: 2).map({ (parameters[$0], parameters[$0 + 1]) }) {
        precondition(
            weight.rank == 3 && weight.size(0) == networks && weight.size(2) == width,
            "expected weights [\(networks), outputs, \(width)], got \(weight.shape)")
        width = weight.size(1)
        precondition(bias.shape == [networks, width], "expected biases [\(networks), \(width)], got \(bias.shape)")
    }
    precondition(
        targets.shape == [networks, points.size(0), width],
        "expected targets [\(networks), \(points.size(0)), \(width)], got \(targets.shape)")
    var raw = [ct_tensor?](repeating: nil, count: parameters.count)
    let errors = Tensor { error in
        withTensors(parameters) {
            ct_sine_network_gradients($0, points.raw, targets.raw, firstOmega, hiddenOmega, &raw, error)
        }
    }
    return (errors, raw.compactMap { $0.map(Tensor.init(owning:)) })
}
