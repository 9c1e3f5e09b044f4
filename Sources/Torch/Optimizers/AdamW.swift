internal import CTorch

/// Adam with decoupled weight decay, over flat moments.
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
        step(&model, summing: [gradients], learningRate: learningRate)
    }

    /// Moves the module's parameters one step against the sum of the gradients of a batch's parts, shortened to `norm` where
    /// it is longer.
    ///
    /// Reads every gradient once, and once more where there is a norm; the result is the same on any number of threads.
    ///
    /// - Traps: when the gradients or the moments do not fit the parameters.
    public mutating func step(
        _ model: inout some Module, summing gradients: [[Tensor]], clippedTo norm: Double = .infinity,
        learningRate: Double
    ) {
        let parameters = model.parameters.map(\.value)
        for part in gradients { requireFit(parameters, part) }
        firstMoment.makeUnique()
        secondMoment.makeUnique()
        stepCount += 1
        var rule = ct_adamw(
            step: Double(stepCount), learning_rate: learningRate, beta1: betas.0, beta2: betas.1, epsilon: epsilon,
            weight_decay: weightDecay, gradient_scale: 1)
        let isOurs = parameters.allSatisfy(\.isSteppedHere)
        let sums =
            isOurs
            ? gradients : [gradients.dropFirst().reduce(gradients[0]) { zip($0, $1).map { $0 + $1 } }]
        if norm < .infinity { rule.gradient_scale = min(1, norm / Self.norm(of: sums)) }
        model.setParameters(
            isOurs ? updated(parameters, by: sums, rule) : steppedByLibrary(parameters, by: sums[0], rule))
    }

    /// Few enough for all that belongs to them to lie in a core's cache.
    private static let stretch = 1 << 15

    /// Calls `body` with the first index and the length of every stretch of the parameters, beside each other.
    private static func mapStretches<Result: Sendable>(
        of count: Int, _ body: @Sendable (Int64, Int64) -> Result
    ) -> [Result] {
        Runtime.concurrentMap((count + stretch - 1) / stretch) { index in
            body(Int64(index * stretch), Int64(min(stretch, count - index * stretch)))
        }
    }

    /// The length of the sum of the parts' gradients.
    private static func norm(of parts: [[Tensor]]) -> Double {
        let count = parts[0].reduce(0) { $0 + $1.count }
        guard parts[0].allSatisfy(\.isSteppedHere) else {
            return parts[0].reduce(0) { $0 + $1.to(.float32).squared.sum.item }.squareRoot()
        }
        let gradients = parts.flatMap { $0.map { $0.reshaped([-1]) } }
        return mapStretches(of: count) { first, length in
            withTensors(gradients) { gradients in
                checked { libtorch.gradient_square_sum(gradients, parts.count, first, length, $0) }
            }
        }.reduce(0, +).squareRoot()
    }

    /// Each parameter with storage of its own, as parameters read from a file have it: how libtorch's products round depends
    /// on where in a cache line their operands begin.
    private func updated(_ parameters: [Tensor], by parts: [[Tensor]], _ rule: ct_adamw) -> [Tensor] {
        let updated = parameters.map { parameter in
            Tensor { error in withSizes(parameter.shape) { libtorch.empty($0, parameter.dtype.raw, error) } }
        }
        let parameters = parameters.map { $0.reshaped([-1]) }
        let gradients = parts.flatMap { $0.map { $0.reshaped([-1]) } }
        _ = Self.mapStretches(of: firstMoment.count) { [firstMoment, secondMoment] first, length in
            withTensors(parameters) { parameters in
                withTensors(gradients) { gradients in
                    withTensors(updated) { updated in
                        checked {
                            libtorch.adamw_update(
                                parameters, gradients, rule, updated, firstMoment.raw, secondMoment.raw, first, length,
                                $0)
                        }
                    }
                }
            }
        }
        return updated
    }

    private func steppedByLibrary(_ parameters: [Tensor], by gradients: [Tensor], _ rule: ct_adamw) -> [Tensor] {
        let flat = Tensor { error in
            withTensors(parameters) { parameters in
                withTensors(gradients) { gradients in
                    libtorch.adamw_step(parameters, gradients, rule, firstMoment.raw, secondMoment.raw, error)
                }
            }
        }
        return zip(flat.split(0, into: parameters.map(\.count)), parameters).map { $0.reshaped($1.shape) }
    }

    /// The step reads and writes plain buffers, and would not notice a shorter one.
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

extension Tensor {
    /// Whether our own loops can read the elements; otherwise libtorch takes the step.
    fileprivate var isSteppedHere: Bool { device == .cpu && (dtype == .float32 || dtype == .float64) }
}
