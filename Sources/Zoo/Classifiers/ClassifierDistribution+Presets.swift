extension ClassifierDistribution {
    public static func smallCNN(seed: UInt64 = 0) -> ClassifierDistribution {
        var distribution = ClassifierDistribution(
            architectures: .listed(architectures: [.smallCNN()], activations: [.relu, .tanh]), batches: [64, 128],
            epochs: 15, recordedEpochs: [0, 1, 4, 15], seed: seed)
        distribution.initializationDeviation = 0.01...0.5
        distribution.l2 = 1e-8...1e-3
        distribution.dropout = 0...0.5
        return distribution
    }

    /// CNNs that differ in architecture, on grey CIFAR-10.
    public static func wildPark(seed: UInt64 = 0) -> ClassifierDistribution {
        ClassifierDistribution(
            architectures: .wildPark(ranges: WildPark()), batches: [64, 128], epochs: 10,
            recordedEpochs: [0, 1, 3, 10], seed: seed)
    }

    /// Perceptrons of 3 and 5 layers on MNIST.
    public static func mlp(seed: UInt64 = 0) -> ClassifierDistribution {
        let widths = [[784, 64, 64, 10], [784, 64, 64, 64, 64, 10]]
        return ClassifierDistribution(
            architectures: .listed(architectures: widths.map { .mlp(widths: $0) }, activations: [.relu, .tanh]),
            batches: [128], epochs: 8, recordedEpochs: [0, 1, 3, 8], seed: seed)
    }
}
