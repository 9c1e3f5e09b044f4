internal import CTorch

/// Adam on the mean squared error of each of a batch of sine networks to its picture, many steps in one call.
///
/// `h₀` is a pixel's row and column coordinate, `hₗ = sin(ωₗ(Wₗ hₗ₋₁ + bₗ))`, and the last layer is linear. One network
/// after the other goes through all the steps of a call, on the thread that calls, and none depends on the others.
///
/// - Source: Kingma and Ba, arXiv:1412.6980.
public struct SineNetworkDescent: Sendable {
    /// How slowly the mean of the gradient and that of its square forget.
    public let betas: (Double, Double)
    /// What is added to the root of the mean square.
    public let epsilon: Double
    /// Steps taken so far.
    public private(set) var stepCount = 0

    private let omegas: (first: Double, hidden: Double)
    private let widths: [Int]
    private let shapes: [[Int]]
    /// Parameters and both moments, `[networks, 3, parameters]`.
    private var state: Tensor

    /// Starts with zero moments.
    ///
    /// - Input: `parameters` weight and bias by turns, float32 on the CPU, `[networks, outputs, inputs]` and
    ///   `[networks, outputs]`, from 2 inputs in the first layer.
    /// - Traps: when shapes do not fit each other.
    public init(
        _ parameters: [Tensor], firstOmega: Double, hiddenOmega: Double, betas: (Double, Double) = (0.9, 0.999),
        epsilon: Double = 1e-8
    ) {
        precondition(
            !parameters.isEmpty && parameters.count.isMultiple(of: 2), "expected weights and biases by turns")
        let networks = parameters[0].size(0)
        var widths = [2]
        for layer in 0..<parameters.count / 2 {
            let (weight, bias, width) = (parameters[2 * layer], parameters[2 * layer + 1], widths[layer])
            precondition(
                weight.rank == 3 && weight.size(0) == networks && weight.size(2) == width,
                "expected weights [\(networks), outputs, \(width)], got \(weight.shape)")
            widths.append(weight.size(1))
            precondition(
                bias.shape == [networks, weight.size(1)],
                "expected biases [\(networks), \(weight.size(1))], got \(bias.shape)")
        }
        (self.betas, self.epsilon, omegas, self.widths) = (betas, epsilon, (firstOmega, hiddenOmega), widths)
        shapes = parameters.map(\.shape)
        let flat = concatenate(parameters.map { $0.reshaped([networks, 1, -1]) }, axis: 2)
        let zeros = Tensor.zeros(flat.shape)
        state = concatenate([flat, zeros, zeros], axis: 1)
    }

    /// The parameters as they are now, in the shapes in which they came.
    public var parameters: [Tensor] { part(0) }

    /// Running mean of the gradient of each parameter.
    public var firstMoment: [Tensor] { part(1) }

    /// Running mean of the square of the gradient of each parameter.
    public var secondMoment: [Tensor] { part(2) }

    /// Takes one step for each learning rate.
    ///
    /// - Input: the coordinates of the pictures' `rows` `[height]` and `columns` `[width]`; `targets`
    ///   `[networks, height · width, colours]`; and which pixels each step sees, as many in each, all when nil.
    /// - Traps: when shapes do not fit, or a pixel is outside of the picture.
    public mutating func step(
        learningRates: [Double], rows: Tensor, columns: Tensor, targets: Tensor, samples: [[Int]]? = nil
    ) {
        let chosen = samples.map { samples in
            precondition(samples.count == learningRates.count, "expected samples for \(learningRates.count) steps")
            let count = samples.first?.count ?? 0
            precondition(samples.allSatisfy { $0.count == count }, "expected as many pixels in each step")
            return Tensor(samples.flatMap { $0.map(Int64.init) }, shape: [samples.count, count])
        }
        state = Tensor { error in
            withSizes(widths) { widths in
                learningRates.withUnsafeBufferPointer { rates in
                    withExtendedLifetime(chosen) {
                        libtorch.sine_network_descent(
                            state.raw,
                            ct_sine_network(widths: widths, first_omega: omegas.first, hidden_omega: omegas.hidden),
                            ct_adam(
                                beta1: betas.0, beta2: betas.1, epsilon: epsilon, steps_taken: Int64(stepCount),
                                learning_rates: rates.baseAddress, count: rates.count),
                            rows.raw, columns.raw, targets.raw, chosen?.raw, error)
                    }
                }
            }
        }
        stepCount += learningRates.count
    }

    private func part(_ index: Int) -> [Tensor] {
        let flat = state.narrowed(1, to: index..<index + 1)
        var offset = 0
        return shapes.map { shape in
            let count = shape.dropFirst().reduce(1, *)
            defer { offset += count }
            return flat.narrowed(2, to: offset..<offset + count).reshaped(shape)
        }
    }
}
