extension ClassifierDistribution {
    /// Small CNNs on grey CIFAR-10, for 2,000 runs on 20,000 images in an hour and a half of two cores.
    public static func smallCNN(seed: UInt64 = 0) -> ClassifierDistribution {
        ClassifierDistribution(
            architectures: .listed(architectures: [.smallCNN()], activations: [.relu, .tanh]), batches: [32, 64, 128],
            epochs: 20, recordedEpochs: [0, 1, 4, 20], seed: seed)
    }

    /// CNNs that differ in architecture, on grey CIFAR-10.
    public static func wildPark(seed: UInt64 = 0) -> ClassifierDistribution {
        ClassifierDistribution(
            architectures: .wildPark(ranges: WildPark()), batches: [32, 64, 128], epochs: 10,
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
