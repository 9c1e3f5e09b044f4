internal import Torch

/// Classifiers of one architecture on their way down: each a row of parameters, moved by the same minibatches.
struct ClassifierDescent {
    private let architecture: ClassifierArchitecture
    private let kernel: FusedClassifier
    private let shapes: [[Int]]
    /// `λ` where a network has a weight, zero where it has a bias; `[networks, parameters]`.
    private let penalties: Tensor
    /// The probability with which each network keeps a neuron, `[networks, 1]`; absent where all keep all.
    private let keeping: Tensor?
    /// `[networks, parameters]`
    private(set) var rows: Tensor
    private var optimizers: [ClassifierOptimizerState]
    private var random: RandomSource
    /// Whether all numbers of each network have been finite so far; the others rest at zero.
    private(set) var isFinite: [Bool]

    /// Starts each network from random weights, by its own seed, and zero biases.
    init(_ networks: [ClassifierHyperparameters]) {
        architecture = networks[0].architecture
        kernel = architecture.fused
        let shapes = architecture.parameterShapes
        self.shapes = shapes
        rows = stack(
            networks.map { network in
                var random = RandomSource(seed: network.seed)
                let start = shapes.map { shape in
                    shape.count == 1
                        ? .zeros(shape)
                        : network.initializer.weight(
                            shape: shape, deviation: network.initializationDeviation, using: &random)
                }
                return concatenate(start.map { $0.reshaped([-1]) }, axis: 0)
            })
        penalties = stack(
            networks.map { network in
                concatenate(
                    shapes.map { Tensor(repeating: $0.count == 1 ? 0 : network.l2, shape: [$0.reduce(1, *)]) }, axis: 0)
            })
        keeping =
            networks.contains { $0.dropout > 0 }
            ? Tensor(networks.map { Float(1 - $0.dropout) }, shape: [networks.count, 1]) : nil
        let count = architecture.parameterCount
        optimizers = networks.map {
            ClassifierOptimizerState($0.optimizer, learningRate: $0.learningRate, count: count)
        }
        random = networks.reduce(RandomSource(seed: 0)) { random, network in
            var random = random
            return RandomSource(seed: random.next() ^ network.seed)
        }
        isFinite = networks.map { _ in true }
    }

    /// The parameters in the order of ``ClassifierArchitecture/parameterNames``, `[networks, …]`.
    var parameters: [Tensor] {
        zip(rows.split(1, into: shapes.map { $0.reduce(1, *) }), shapes).map { $0.reshaped([-1] + $1) }
    }

    /// One step of each network against the gradient of its penalized loss, unless that loss is NaN or infinite.
    ///
    /// - Output: the losses before the step.
    @discardableResult
    mutating func step(_ images: Tensor, _ labels: Tensor) -> [Double] {
        let factors = keeping.map {
            dropoutFactors(keeping: $0, neurons: architecture.hiddenNeurons, images: labels.size(0), using: &random)
        }
        let (losses, slopes) = kernel.gradients(parameters: rows, images: images, labels: labels, factors: factors)
        let gradient = slopes + rows * penalties * 2
        let values = (losses + (rows.squared * penalties).sum([1]).to(.float64)).elements(as: Double.self)
        let networks = optimizers.indices.map { $0..<$0 + 1 }
        rows = concatenate(
            networks.map { network in
                let (index, row) = (network.lowerBound, rows.narrowed(0, to: network))
                isFinite[index] = isFinite[index] && values[index].isFinite
                return isFinite[index]
                    ? optimizers[index].step(row, gradient: gradient.narrowed(0, to: network)) : .zeros(row.shape)
            }, axis: 0)
        return values
    }

    /// Marks the networks that have a NaN or an infinity by now.
    mutating func checkParameters() {
        for index in isFinite.indices {
            isFinite[index] = isFinite[index] && rows.narrowed(0, to: index..<index + 1).isFinite
        }
    }
}

/// By what neurons are multiplied to silence some at random, and make the others larger to keep the mean.
///
/// - Input: `probabilities` `[networks, 1]` of being kept.
/// - Output: `[networks, neurons, images]`.
func dropoutFactors(
    keeping probabilities: Tensor, neurons: Int, images: Int, using random: inout RandomSource
) -> Tensor {
    let probabilities = probabilities.expandingAxis(2)
    let chance = Tensor.uniform(shape: [probabilities.size(0), neurons, images], using: &random)
    return (chance .< probabilities).to(.float32) / probabilities
}
