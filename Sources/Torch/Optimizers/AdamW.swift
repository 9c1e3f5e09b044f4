internal import CTorch

/// Adam with decoupled weight decay, over one flat buffer.
///
/// `θ ← (1 − ηλ)θ − η · m̂ / (√v̂ + ε)`, with the bias-corrected running means m̂ of the gradient and v̂ of its square.
///
/// - Source: Loshchilov and Hutter, arXiv:1711.05101; with `weightDecay` zero it is Adam, arXiv:1412.6980.
public struct AdamW: Sendable {
    public var betas: (Double, Double)
    public var epsilon: Double
    public var weightDecay: Double

    /// Steps taken so far.
    public private(set) var stepCount: Int
    /// Running mean of the gradient, `[parameters]`.
    public private(set) var firstMoment: Tensor
    /// Running mean of the squared gradient, `[parameters]`.
    public private(set) var secondMoment: Tensor

    /// Starts with zero moments for the parameters of a module.
    public init(
        for model: some Module, betas: (Double, Double) = (0.9, 0.999), epsilon: Double = 1e-8, weightDecay: Double = 0
    ) {
        let parameters = model.parameters.map(\.value)
        guard let example = parameters.first else { preconditionFailure("the module has no parameters") }
        let count = parameters.reduce(0) { $0 + $1.count }
        let zeros = Tensor.zeros([count], dtype: example.dtype, on: example.device)
        self.init(
            betas: betas, epsilon: epsilon, weightDecay: weightDecay, stepCount: 0, firstMoment: zeros,
            secondMoment: zeros)
    }

    /// Continues from stored moments.
    public init(
        betas: (Double, Double) = (0.9, 0.999), epsilon: Double = 1e-8, weightDecay: Double = 0, stepCount: Int,
        firstMoment: Tensor, secondMoment: Tensor
    ) {
        self.betas = betas
        self.epsilon = epsilon
        self.weightDecay = weightDecay
        self.stepCount = stepCount
        self.firstMoment = firstMoment
        self.secondMoment = secondMoment
    }

    /// Moves the module's parameters one step against the gradients, which come in visiting order.
    ///
    /// - Traps: when the gradients or the moments do not fit the parameters.
    public mutating func step(_ model: inout some Module, gradients: [Tensor], learningRate: Double) {
        let parameters = model.parameters.map(\.value)
        requireFit(parameters, gradients)
        firstMoment.makeUnique()
        secondMoment.makeUnique()
        stepCount += 1
        let flat = Tensor { error in
            withTensors(parameters) { parameters in
                withTensors(gradients) { gradients in
                    ct_adamw_step(
                        parameters, gradients, firstMoment.raw, secondMoment.raw, Int64(stepCount), learningRate,
                        betas.0, betas.1, epsilon, weightDecay, error)
                }
            }
        }
        var offset = 0
        model.setParameters(
            parameters.map { parameter in
                defer { offset += parameter.count }
                return flat.narrowed(0, to: offset..<offset + parameter.count).reshaped(parameter.shape)
            })
    }

    /// The fused step reads and writes plain buffers, and would not notice a shorter one.
    private func requireFit(_ parameters: [Tensor], _ gradients: [Tensor]) {
        precondition(
            parameters.map(\.shape) == gradients.map(\.shape),
            "expected gradients of shapes \(parameters.map(\.shape)), got \(gradients.map(\.shape))")
        let count = parameters.reduce(0) { $0 + $1.count }
        for moment in [firstMoment, secondMoment] {
            precondition(moment.shape == [count], "expected moments of shape [\(count)], got \(moment.shape)")
            for tensor in parameters + gradients {
                precondition(tensor.dtype == moment.dtype, "expected \(moment.dtype), got \(tensor.dtype)")
            }
        }
    }
}
