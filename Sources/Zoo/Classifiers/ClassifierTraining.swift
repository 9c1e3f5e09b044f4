internal import Torch

/// Trains a few classifiers side by side on the thread that calls, all on the same images in the same order.
///
/// What comes out depends on their hyper-parameters, which hold the seeds, and on the images alone.
///
/// Images are gathered once for all networks, each of which then takes its step alone (`FusedClassifier`).
public struct ClassifierTraining: Sendable {
    /// What is trained, and how.
    public let networks: [ClassifierHyperparameters]
    /// The epochs after which a network is kept; 0 is its initialization.
    public let recordedEpochs: [Int]

    /// Training images that the metrics of a checkpoint are taken on, at most.
    public static let trainingImagesEvaluated = 4_000

    /// - Throws: ``ClassifierError/hyperparameter(_:expected:found:)``, also when networks differ in what they must share:
    ///   the architecture, the images and their order, batches and epochs.
    public init(_ networks: [ClassifierHyperparameters], recordedEpochs: [Int]) throws(ClassifierError) {
        precondition(!networks.isEmpty, "expected a network to train")
        for network in networks {
            try network.validate()
            try network.requireShared(with: networks[0])
        }
        let epochs = 0...networks[0].epochs
        guard recordedEpochs.allSatisfy(epochs.contains) else {
            throw .hyperparameter("recordedEpochs", expected: "numbers in \(epochs)", found: "\(recordedEpochs)")
        }
        self.networks = networks
        self.recordedEpochs = recordedEpochs
    }

    /// Trains the networks.
    ///
    /// - Parameters:
    ///   - checkpoint: is called before every step, and may throw to stop.
    ///   - progress: is called with the number of finished epochs.
    /// - Output: one run for each network, also where it diverged; it then has the checkpoints until then.
    /// - Throws: ``ClassifierError`` when the images do not fit the architecture; what `checkpoint` throws.
    public func run(
        on images: ClassifierImages, testing test: ClassifierImages, checkpoint: () throws -> Void = {},
        progress: (Int) -> Void = { _ in }
    ) throws -> [ClassifierRun] {
        let shared = networks[0]
        try images.requireFit(shared.architecture)
        try test.requireFit(shared.architecture)
        var order = RandomSource(seed: shared.imageSeed)
        let seen = max(1, Int((shared.trainingFraction * Double(images.count)).rounded()))
        let chosen = Array((0..<images.count).shuffled(using: &order).prefix(seen))
        var descent = ClassifierDescent(networks)
        var runs = networks.map { ClassifierRun(hyperparameters: $0, checkpoints: [], divergedEpoch: nil) }
        for epoch in 0...shared.epochs {
            if epoch > 0 {
                try pass(over: chosen.shuffled(using: &order), of: images, by: &descent, checkpoint: checkpoint)
            }
            descent.checkParameters()
            for index in runs.indices where !descent.isFinite[index] { runs[index].diverge(in: epoch) }
            if recordedEpochs.contains(epoch) {
                let parameters = descent.parameters
                let trainMetrics = try shared.architecture.metrics(
                    ofNetworks: descent.rows, on: images, at: chosen.prefix(Self.trainingImagesEvaluated),
                    checkpoint: checkpoint)
                let testMetrics = try shared.architecture.metrics(
                    ofNetworks: descent.rows, on: test, at: 0..<test.count, checkpoint: checkpoint)
                for index in runs.indices {
                    runs[index].append(
                        ClassifierCheckpoint(
                            epoch: epoch, parameters: parameters.map { $0.row(index) }, train: trainMetrics[index],
                            test: testMetrics[index]))
                }
            }
            progress(epoch)
        }
        return runs
    }

    /// One epoch.
    private func pass(
        over order: [Int], of images: ClassifierImages, by descent: inout ClassifierDescent,
        checkpoint: () throws -> Void
    ) throws {
        var rest = order[...]
        while !rest.isEmpty, descent.isFinite.contains(true) {
            try checkpoint()
            let (images, labels) = images.batch(at: rest.prefix(networks[0].batch))
            rest = rest.dropFirst(networks[0].batch)
            descent.step(images, labels)
        }
    }
}

extension ClassifierHyperparameters {
    /// - Throws: when networks cannot be trained side by side.
    fileprivate func requireShared(with other: ClassifierHyperparameters) throws(ClassifierError) {
        func require<Value: Equatable>(_ name: String, _ found: Value, _ expected: Value) throws(ClassifierError) {
            if found != expected {
                throw .hyperparameter(name, expected: "\(expected) as in the first network", found: "\(found)")
            }
        }
        try require("architecture", architecture, other.architecture)
        try require("trainingFraction", trainingFraction, other.trainingFraction)
        try require("epochs", epochs, other.epochs)
        try require("batch", batch, other.batch)
        try require("imageSeed", imageSeed, other.imageSeed)
    }
}

extension Tensor {
    /// One position of the first axis, on its own.
    fileprivate func row(_ index: Int) -> Tensor {
        narrowed(0, to: index..<index + 1).reshaped(Array(shape.dropFirst()))
    }
}
