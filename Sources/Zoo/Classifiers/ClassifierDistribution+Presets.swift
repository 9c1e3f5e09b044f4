extension ClassifierDistribution {
    /// Small CNNs on grey CIFAR-10.
    ///
    /// Training is shorter than published, so the deviation starts at 0.01 instead of 0.001, L2 ends at 10⁻³ instead of 10⁻²
    /// and dropout, of whole channels here, at 0.4 instead of 0.7.
    public static func smallCNN(head: ClassifierHead = .pool, seed: UInt64 = 0) -> ClassifierDistribution {
        ClassifierDistribution(
            architectures: .listed(architectures: [.smallCNN(head: head)], activations: [.relu, .tanh]),
            batches: [32, 64], cohort: 4, epochs: 10, recordedEpochs: [0, 1, 3, 10], seed: seed
        ).narrowed
    }

    /// CNNs that differ in architecture, on grey CIFAR-10; ranges as for small ones.
    public static func wildPark(head: ClassifierHead = .pool, seed: UInt64 = 0) -> ClassifierDistribution {
        var ranges = WildPark()
        ranges.head = head
        return ClassifierDistribution(
            architectures: .wildPark(ranges: ranges), batches: [64, 128], epochs: 8, recordedEpochs: [0, 1, 3, 8],
            seed: seed
        ).narrowed
    }

    private var narrowed: ClassifierDistribution {
        var distribution = self
        distribution.initializationDeviation = 0.01...0.5
        distribution.l2 = 1e-8...1e-3
        distribution.dropout = 0...0.4
        return distribution
    }

    /// Perceptrons of 3 and 5 layers on MNIST.
    public static func mlp(seed: UInt64 = 0) -> ClassifierDistribution {
        let widths = [[784, 64, 64, 10], [784, 64, 64, 64, 64, 10]]
        return ClassifierDistribution(
            architectures: .listed(architectures: widths.map { .mlp(widths: $0) }, activations: [.relu, .tanh]),
            batches: [128], epochs: 8, recordedEpochs: [0, 1, 3, 8], seed: seed)
    }
}
