internal import Torch

/// Classifiers of one architecture on their way down: each a row of parameters, moved by the same minibatches.
struct ClassifierDescent {
    private let architecture: ClassifierArchitecture
    private let shapes: [[Int]]
    /// `λ` where a network has a weight, zero where it has a bias; `[networks, parameters]`.
    private let penalties: Tensor
    /// The probability with which each network keeps a neuron, `[networks, 1]`; absent where all keep all.
    private let keeping: Tensor?
    /// `[networks, parameters]`
    private var rows: Tensor
    private var optimizers: [ClassifierOptimizerState]
    private var random: RandomSource
    /// Whether all numbers of each network have been finite so far; the others rest at zero.
    private(set) var isFinite: [Bool]

    /// Starts each network from random weights, by its own seed, and zero biases.
    init(_ networks: [ClassifierHyperparameters]) {
        architecture = networks[0].architecture
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
    var parameters: [Tensor] { parameters(of: rows) }

    private func parameters(of rows: Tensor) -> [Tensor] {
        zip(rows.split(1, into: shapes.map { $0.reduce(1, *) }), shapes).map { $0.reshaped([-1] + $1) }
    }

    /// One step of each network against the gradient of its penalized loss, unless that loss is NaN or infinite.
    ///
    /// - Output: the losses before the step.
    @discardableResult
    mutating func step(_ images: Tensor, _ labels: Tensor) -> [Double] {
        let variable = rows.asVariable
        let logits = architecture.logits(ofNetworks: parameters(of: variable), images: images) { hidden in
            keeping.map { hidden.dropping(keeping: $0, using: &random) } ?? hidden
        }
        let losses = negativeLogLikelihoods(logits, labels).mean([1]) + (variable.squared * penalties).sum([1])
        let gradient = gradients(of: losses.sum, withRespectTo: [variable])[0]
        let values = losses.detached.to(.float64).elements(as: Double.self)
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

extension Tensor {
    /// Random neurons silenced, in a convolution whole channels, and the others made larger to keep the mean.
    ///
    /// - Input: `[images, networks · channels, height, width]` or `[networks, neurons, images]`; `probabilities`
    ///   `[networks, 1]` of being kept.
    func dropping(keeping probabilities: Tensor, using random: inout RandomSource) -> Tensor {
        let networks = probabilities.size(0)
        let (images, neurons) = rank == 4 ? (size(0), size(1) / networks) : (size(2), size(1))
        let chance = Tensor.uniform(shape: [images, networks, neurons], using: &random)
        let factors = (chance .< probabilities).to(.float32) / probabilities
        return self
            * (rank == 4 ? factors.reshaped([images, networks * neurons, 1, 1]) : factors.permuted([1, 2, 0]))
    }
}
