public import Foundation
internal import NeuralFunctionals
internal import Torch
internal import WeightSpaces
public import Zoo

/// The main job from beginning to end: fit networks to pictures, read them, edit them, certify both functionals.
public struct Demonstration: Sendable {
    /// Is told of a stage, the part of it that is done and the last validation.
    public typealias Observer = @Sendable (_ stage: String, _ fraction: Double, _ note: String) -> Void

    let images: ImageSet
    let plan: Plan
    let folder: URL
    private let checkpoint: @Sendable () throws -> Void
    private let observer: Observer

    /// A demo over these pictures that writes into `folder`.
    ///
    /// - Parameter checkpoint: is called often, and may throw to stop.
    public init(
        _ images: ImageSet, plan: Plan, in folder: URL, checkpoint: @escaping @Sendable () throws -> Void,
        observer: @escaping Observer
    ) {
        self.images = images[0..<plan.images]
        self.plan = plan
        self.folder = folder
        self.checkpoint = checkpoint
        self.observer = observer
    }

    /// Does it all, and writes `metrics.json`, `report.html` and both functionals. Networks that were fitted before are
    /// not fitted again.
    ///
    /// - Throws: `FileError`, `ZooError`, ``TrainingError``; what `checkpoint` throws.
    public func run() async throws -> Metrics {
        let clock = ContinuousClock()
        let start = clock.now
        let zoo = try fit()
        let fitSeconds = (clock.now - start) / .seconds(1)
        let run = Run(
            .classify(.functional, warp: plan.warp), zoo: zoo.folder.relativePath,
            split: .init(validation: 0.03, test: 0.1, seed: plan.seed))
        let population = try INRPopulation(zoo, symmetry: .hiddenNeurons, split: run.split.split(of: zoo))
        let reading = try run.classification(population, warp: plan.warp)
        let baseline = try run.flatClassification(population, warp: plan.warp)
        let editing = try run.editing(population, edit: .dilate)
        let (classifier, perceptron) = try await readers(reading, baseline)
        let stages = Stages(
            population: population, reading: reading, editing: editing, classifier: classifier, perceptron: perceptron,
            editor: try train(editing, "edit weights", plan.editSeconds, learningRate: 3e-3, observer: observer))
        let metrics = measure(stages, baseline: baseline, fitSeconds: fitSeconds)
        try stages.classifier.model.write(to: folder.appending(path: "classifier.safetensors"))
        try stages.editor.model.write(to: folder.appending(path: "editor.safetensors"))
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys]
        try AtomicFile.write(try encoder.encode(metrics), to: folder.appending(path: "metrics.json"))
        let page = try report(stages, metrics).html()
        try AtomicFile.write(Data(page.utf8), to: folder.appending(path: "report.html"))
        return metrics
    }

    /// What the report is made from.
    struct Stages {
        let population: INRPopulation
        let reading: Classification<InvariantFunctional>
        let editing: INREditing
        let classifier: Trainer<Classification<InvariantFunctional>>.Result
        let perceptron: Trainer<Classification<FlatPerceptron>>.Result
        let editor: Trainer<INREditing>.Result
    }

    private func fit() throws -> INRZoo {
        let url = folder.appending(path: "zoo")
        let fitting = try INRZooFitting(images, fits: plan.fits, recipe: plan.recipe, in: url)
        let count = fitting.plan.count
        try fitting.run(checkpoint: checkpoint) { [observer] done in
            observer("fit networks", Double(done) / Double(count), "\(done) of \(count)")
        }
        return try INRZoo(contentsOf: url)
    }

    /// Trains both readers side by side, each on half of the threads.
    private func readers(
        _ reading: Classification<InvariantFunctional>, _ baseline: Classification<FlatPerceptron>
    ) async throws -> (
        Trainer<Classification<InvariantFunctional>>.Result, Trainer<Classification<FlatPerceptron>>.Result
    ) {
        let threads = Runtime.threadCount
        Runtime.threadCount = max(1, threads / 2)
        defer { Runtime.threadCount = threads }
        let seconds = plan.classifySeconds
        async let perceptron = train(baseline, "read weights flat", seconds, learningRate: 1e-3) { _, _, _ in }
        let classifier = try train(reading, "read weights", seconds, learningRate: 4e-3, observer: observer)
        return (classifier, try await perceptron)
    }

    private func train<Task: TrainingTask>(
        _ task: Task, _ stage: String, _ seconds: Double, learningRate: Double, observer: Observer
    ) throws -> Trainer<Task>.Result {
        let options = TrainingOptions(
            steps: 1_000_000, learningRate: learningRate, validationInterval: 100, secondsLimit: seconds,
            seed: plan.seed)
        var note = ""
        return try Trainer(task, options: options, checkpoint: checkpoint).run { fraction in
            try checkpoint()
            observer(stage, fraction, note)
        } validated: { records, _ in
            let validation = records.last?.validation ?? .nan
            note = "validation \(task.metric.name) \((validation * 1000).rounded() / 1000)"
        }
    }

    private func measure(
        _ stages: Stages, baseline: Classification<FlatPerceptron>, fitSeconds: Double
    ) -> Metrics {
        let population = stages.population
        let test = population.split.test
        var random = RandomSource(seed: plan.seed)
        let sample = population.networks(at: Array(test.prefix(16)))
        let invariance = Certificate(stages.classifier.model, on: sample, trials: 10, using: &random)
        let equivariance = Certificate(stages.editor.model, on: sample, trials: 10, using: &random)
        let psnr = population.zoo.psnr.sorted()
        return Metrics(
            inr: .init(
                networks: psnr.count, psnr: psnr[psnr.count / 2], psnrFifthPercentile: psnr[psnr.count / 20],
                seconds: fitSeconds),
            classify: .init(
                accuracy: stages.reading.measure(stages.classifier.model, networks: test),
                perceptronAccuracy: baseline.measure(stages.perceptron.model, networks: test),
                seconds: stages.classifier.seconds, perceptronSeconds: stages.perceptron.seconds),
            edit: .init(
                error: stages.editing.measure(stages.editor.model, networks: test),
                identityError: stages.editing.identityError(networks: test), seconds: stages.editor.seconds),
            certificate: .init(
                equivarianceError: equivariance.error, invarianceError: invariance.error,
                negativeControlError: min(equivariance.negativeControlError, invariance.negativeControlError)))
    }
}
