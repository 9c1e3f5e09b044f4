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
        step(&model, gradients: gradients.map(Gradient.whole), learningRate: learningRate)
    }

    /// Moves the module's parameters one step against the gradients, shortened to `norm` where they are longer.
    ///
    /// Parameters and moments that nothing else holds change in place; the result is the same on any number of threads.
    ///
    /// - Traps: when the gradients or the moments do not fit the parameters.
    public mutating func step(
        _ model: inout some Module, gradients: [Gradient], clippedTo norm: Double = .infinity, learningRate: Double
    ) {
        requireFit(model.parameters.map(\.value), gradients)
        firstMoment.makeUnique()
        secondMoment.makeUnique()
        stepCount += 1
        var rule = ct_adamw(
            step: Double(stepCount), learning_rate: learningRate, beta1: betas.0, beta2: betas.1, epsilon: epsilon,
            weight_decay: weightDecay, gradient_scale: 1)
        let pieces = Piece.all(of: gradients)
        if norm < .infinity { rule.gradient_scale = min(1, norm / Self.norm(of: gradients, in: pieces)) }
        if firstMoment.isSteppedHere {
            update(&model, by: gradients, in: pieces, rule)
        } else {
            model.setParameters(steppedByLibrary(model.parameters.map(\.value), by: gradients.map(\.tensor), rule))
        }
    }

    /// Steps each parameter where it lies. It has storage of its own, as parameters read from a file have it: how libtorch's
    /// products round depends on where in a cache line their operands begin.
    private func update(
        _ model: inout some Module, by gradients: [Gradient], in pieces: [Piece], _ rule: ct_adamw
    ) {
        var (parameters, places, count) = ([Tensor](), [Int](), 0)
        model.visitParameters { _, parameter in
            parameter.makeUnique()
            parameters.append(parameter)
            places.append(count)
            count += parameter.count
        }
        _ = Runtime.concurrentMap(pieces.count) { [parameters, places, firstMoment, secondMoment] index in
            let piece = pieces[index]
            let (left, right) = gradients[piece.parameter].factors
            checked {
                libtorch.adamw_update(
                    parameters[piece.parameter].raw, left.raw, right?.raw, rule, firstMoment.raw, secondMoment.raw,
                    Int64(places[piece.parameter]), Int64(piece.first), Int64(piece.count), $0)
            }
        }
    }

    /// The length of the gradients, laid end to end.
    private static func norm(of gradients: [Gradient], in pieces: [Piece]) -> Double {
        Runtime.concurrentMap(pieces.count) { index in
            let piece = pieces[index]
            switch gradients[piece.parameter] {
            case .whole(let tensor) where tensor.isSteppedHere:
                return checked { libtorch.square_sum(tensor.raw, Int64(piece.first), Int64(piece.count), $0) }
            case .whole(let tensor):
                return piece.first == 0 ? tensor.to(.float32).squared.sum.item : 0
            case .product(let left, let right):
                // Σ (leftᵀ right)² = Σ (left leftᵀ) ⊙ (right rightᵀ), which has a row and a column for every sample.
                return piece.first == 0 ? (left.gramMatrix * right.gramMatrix).sum.item : 0
            }
        }.reduce(0, +).squareRoot()
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
    private func requireFit(_ parameters: [Tensor], _ gradients: [Gradient]) {
        precondition(
            parameters.map(\.shape) == gradients.map(\.shape),
            "expected gradients of shapes \(parameters.map(\.shape)), got \(gradients.map(\.shape))")
        let count = parameters.reduce(0) { $0 + $1.count }
        for moment in [firstMoment, secondMoment] {
            precondition(moment.shape == [count], "expected moments of shape [\(count)], got \(moment.shape)")
            for tensor in parameters + gradients.map(\.factors.left) {
                precondition(tensor.dtype == moment.dtype, "expected \(moment.dtype), got \(tensor.dtype)")
            }
        }
    }
}

/// Whole rows of a parameter, few enough for all that belongs to them to lie in a core's cache.
private struct Piece {
    let parameter: Int
    let first: Int
    let count: Int

    /// The pieces that make up parameters with these gradients.
    static func all(of gradients: [Gradient]) -> [Piece] {
        gradients.enumerated().flatMap { parameter, gradient in
            let (row, count) = (gradient.shape.dropFirst().reduce(1, *), gradient.shape.reduce(1, *))
            let size = max(1, (1 << 15) / max(row, 1)) * row
            return stride(from: 0, to: count, by: max(size, 1)).map {
                Piece(parameter: parameter, first: $0, count: min(size, count - $0))
            }
        }
    }
}

extension Tensor {
    /// `x xᵀ` of a matrix, in float64.
    fileprivate var gramMatrix: Tensor {
        let rows = to(.float64)
        return matmul(rows, rows.permuted([1, 0]))
    }

    /// Whether our own loops can read the elements; otherwise libtorch takes the step.
    fileprivate var isSteppedHere: Bool { device == .cpu && (dtype == .float32 || dtype == .float64) }
}
