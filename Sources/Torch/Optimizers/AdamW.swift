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
    public mutating func step(_ model: inout some Module, gradients: [Tensor], learningRate: Double) {
        let parameters = model.parameters.map(\.value)
        precondition(
            parameters.count == gradients.count, "expected \(parameters.count) gradients, got \(gradients.count)")
        makeMomentsUnique()
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

    /// The step writes into the moments' storage, which nobody else may see.
    private mutating func makeMomentsUnique() {
        if !isKnownUniquelyReferenced(&firstMoment.handle) {
            firstMoment = Tensor { ct_clone(firstMoment.raw, $0) }
        }
        if !isKnownUniquelyReferenced(&secondMoment.handle) {
            secondMoment = Tensor { ct_clone(secondMoment.raw, $0) }
        }
    }
}
