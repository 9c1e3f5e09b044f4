internal import Torch

/// A classifier on its way down: all parameters as one vector, moved by one minibatch after the other.
struct ClassifierDescent {
    private let hyperparameters: ClassifierHyperparameters
    private let shapes: [[Int]]
    /// `λ` where the vector has a weight, zero where it has a bias.
    private let penalty: Tensor
    private(set) var vector: Tensor
    private var optimizer: ClassifierOptimizerState
    private var random: RandomSource

    /// Starts from random weights and zero biases.
    init(_ hyperparameters: ClassifierHyperparameters, using random: inout RandomSource) {
        self.hyperparameters = hyperparameters
        shapes = hyperparameters.architecture.parameterShapes
        var weights = random.split()
        let start = shapes.map { shape in
            shape.count == 1
                ? .zeros(shape)
                : hyperparameters.initializer.weight(
                    shape: shape, deviation: hyperparameters.initializationDeviation, using: &weights)
        }
        vector = concatenate(start.map { $0.reshaped([-1]) }, axis: 0)
        penalty = concatenate(
            shapes.map { Tensor(repeating: $0.count == 1 ? 0 : hyperparameters.l2, shape: [$0.reduce(1, *)]) }, axis: 0)
        optimizer = ClassifierOptimizerState(
            hyperparameters.optimizer, learningRate: hyperparameters.learningRate, for: vector)
        self.random = random.split()
    }

    /// The parameters in the order of ``ClassifierArchitecture/parameterNames``.
    var parameters: [Tensor] { parameters(of: vector) }

    private func parameters(of vector: Tensor) -> [Tensor] {
        zip(vector.split(0, into: shapes.map { $0.reduce(1, *) }), shapes).map { $0.reshaped($1) }
    }

    /// One step against the gradient of the penalized loss of a batch, unless that loss is NaN or infinite.
    ///
    /// - Output: the loss before the step.
    mutating func step(_ images: Tensor, _ labels: Tensor) -> Double {
        let variable = vector.asVariable
        let logits = hyperparameters.architecture.logits(parameters: parameters(of: variable), images: images) {
            $0.dropping(hyperparameters.dropout, using: &random)
        }
        let loss = crossEntropy(logits, labels) + (variable.squared * penalty).sum
        let value = loss.item
        if value.isFinite {
            vector = optimizer.step(vector, gradient: gradients(of: loss, withRespectTo: [variable])[0])
        }
        return value
    }
}

extension Tensor {
    /// Some neurons, `[images, neurons]` or `[images, channels, height, width]`, silenced with a probability below 1 and
    /// the others made larger to keep the mean.
    func dropping(_ probability: Double, using random: inout RandomSource) -> Tensor {
        guard probability > 0 else { return self }
        let keep = 1 - probability
        let places = shape.dropFirst(2).map { _ in 1 }
        let chance = Tensor.uniform(shape: shape.prefix(2) + places, using: &random)
        return self * ((chance .< Tensor(repeating: keep, shape: [])).to(.float32) / keep)
    }
}
