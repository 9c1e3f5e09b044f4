public import Foundation
internal import Torch

/// Trains classifiers and writes their checkpoints as a zoo, piece by piece; taken up again by the same call (``ZooWriter``).
public final class ClassifierZooTraining {
    /// What is made.
    public let plan: ClassifierPlan

    private let cohort: CohortTraining
    private let writer: ZooWriter

    /// Begins a zoo, or takes up one that was begun with the same images and distribution.
    ///
    /// - Parameters:
    ///   - pieceSize: cohorts in each shard.
    ///   - folder: is made if it does not exist.
    /// - Throws: `FileError`; ``ZooError`` when the folder has something else in it; ``ClassifierError`` when the images have
    ///   no labels.
    public init(
        _ distribution: ClassifierDistribution, runs: Int, on images: ImageSet, testing test: ImageSet, in folder: URL,
        pieceSize: Int = 8
    ) throws {
        cohort = try CohortTraining(distribution, on: ClassifierImages(images), testing: ClassifierImages(test))
        plan = ClassifierPlan(
            distribution: distribution, runs: runs, images: .init(images), testImages: .init(test), pieceSize: pieceSize
        )
        writer = try ZooWriter(
            [ZooOrigin(plan, pieces: plan.pieces)], ignoring: ["images.name", "testImages.name"], in: folder)
    }

    /// How many runs a share has.
    public func runs(in share: WorkShare) -> Int {
        share.of(plan.pieces).reduce(0) { $0 + plan.runs(inPiece: $1).count }
    }

    /// Trains what is missing.
    ///
    /// - Parameters:
    ///   - share: the pieces that this process makes, where several share the work.
    ///   - checkpoint: is called again and again, on any thread; what it throws ends the work.
    ///   - progress: is called with the number of finished runs, on any thread, one call at a time. The first call counts
    ///     those that were there already.
    /// - Throws: `FileError`, ``ClassifierError``; what `checkpoint` throws.
    public func run(
        share: WorkShare = .all, checkpoint: @escaping @Sendable () throws -> Void = {},
        progress: @escaping @Sendable (Int) -> Void = { _ in }
    ) throws {
        let missing = try writer.missingPieces().filter(share.contains)
        let waiting = missing.reduce(0) { $0 + plan.runs(inPiece: $1).count }
        var done = runs(in: share) - waiting
        progress(done)
        for piece in missing {
            let before = done
            let runs = plan.runs(inPiece: piece)
            let trained = try cohort.train(cohorts: plan.cohorts(inPiece: piece), checkpoint: checkpoint) {
                progress(before + min($0, runs.count))
            }
            try writer.add(Self.piece(Array(zip(runs, trained))), number: piece)
            done += runs.count
        }
        try writer.finish()
    }

    /// Checkpoints sorted into one stack per architecture, in order of appearance.
    private static func piece(_ runs: [(number: Int, run: ClassifierRun)]) throws -> ZooPiece {
        var architectures: [ClassifierArchitecture] = []
        var rows: [ClassifierArchitecture: [(number: Int, run: ClassifierRun, checkpoint: ClassifierCheckpoint)]] = [:]
        for (number, run) in runs {
            let architecture = run.hyperparameters.architecture
            if !architectures.contains(architecture) { architectures.append(architecture) }
            rows[architecture, default: []] += run.checkpoints.map { (number, run, $0) }
        }
        return try ZooPiece(
            architectures.compactMap { architecture in
                guard let rows = rows[architecture], !rows.isEmpty else { return nil }
                return .init(
                    try NetworkArchitecture(architecture),
                    parameters: architecture.parameterShapes.indices.map { index in
                        stack(rows.map { $0.checkpoint.parameters[index] })
                    },
                    facts: ZooTable(
                        columns: columns(of: architecture), rows: rows.map { facts($0.number, $0.run, $0.checkpoint) }))
            })
    }

    private static func columns(of architecture: ClassifierArchitecture) -> [String] {
        ["run", "seed", "epoch"]
            + (architecture.convolutions.isEmpty ? [] : ["head"]) + [
                "activation", "optimizer", "initializer", "initialization_deviation", "l2", "learning_rate", "dropout",
                "training_fraction", "batch", "layers", "width", "train_loss", "train_accuracy", "test_loss",
                "test_accuracy", "diverged_epoch",
            ]
    }

    private static func facts(_ number: Int, _ run: ClassifierRun, _ checkpoint: ClassifierCheckpoint) -> [ZooValue] {
        let chosen = run.hyperparameters
        let architecture = chosen.architecture
        let head: [ZooValue] = architecture.convolutions.isEmpty ? [] : [.text(architecture.head.rawValue)]
        return [.integer(number), .integer(Int(chosen.seed)), .integer(checkpoint.epoch)] + head + [
            .text(chosen.activation.rawValue), .text(chosen.optimizer.rawValue), .text(chosen.initializer.rawValue),
            .real(chosen.initializationDeviation), .real(chosen.l2), .real(chosen.learningRate), .real(chosen.dropout),
            .real(chosen.trainingFraction), .integer(chosen.batch), .integer(architecture.parameterShapes.count / 2),
            .integer(architecture.width), .real(checkpoint.train.loss), .real(checkpoint.train.accuracy),
            .real(checkpoint.test.loss), .real(checkpoint.test.accuracy),
            run.divergedEpoch.map(ZooValue.integer) ?? .none,
        ]
    }
}
