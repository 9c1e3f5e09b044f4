public import Foundation
internal import Torch
internal import WeightSpaces

/// Trains an ensemble and the baselines to predict the targets of one population, and measures them on its test
/// networks.
///
/// Every training keeps its state in the folder until the study is done, so that one that was interrupted ends, with the
/// same population and plan in the same folder, like one that was not.
public struct GeneralisationStudy: Sendable {
    /// What is trained, and how.
    public struct Plan: Hashable, Sendable, Codable {
        /// How the functional computes features.
        public var trunk: Run.TrunkOptions
        /// How the functional is trained.
        public var functional: TrainingOptions
        /// How the perceptrons are trained, the one beside the functional and those among the baselines.
        public var perceptrons: TrainingOptions
        /// What happens to the weights of training networks, for methods that read weights and not statistics.
        public var augmentation: WeightAugmentation
        /// Whether networks are read in the canonical form of their neurons' scales and signs.
        public var isScaleAware: Bool

        public init(
            trunk: Run.TrunkOptions = Run.TrunkOptions(), functional: TrainingOptions = TrainingOptions(),
            perceptrons: TrainingOptions = TrainingOptions(learningRate: 1e-3),
            augmentation: WeightAugmentation = WeightAugmentation(), isScaleAware: Bool = false
        ) {
            self.trunk = trunk
            self.functional = functional
            self.perceptrons = perceptrons
            self.augmentation = augmentation
            self.isScaleAware = isScaleAware
        }
    }

    /// As they are in the zoo.
    let original: WeightPopulation
    /// As they are read.
    let population: WeightPopulation
    private let subject: GeneralisationResult.Subject
    let plan: Plan
    let folder: URL
    let checkpoint: @Sendable () throws -> Void
    private let observer: Demonstration.Observer

    /// A study that writes into `folder`.
    ///
    /// - Parameter checkpoint: is called often, and may throw to stop.
    /// - Throws: `WeightSpaceError`, ``TrainingError/noScalings``.
    public init(
        of population: WeightPopulation, _ subject: GeneralisationResult.Subject, plan: Plan, in folder: URL,
        checkpoint: @escaping @Sendable () throws -> Void = {},
        observer: @escaping Demonstration.Observer = { _, _, _ in }
    ) throws {
        if plan.isScaleAware, population.scalings.isEmpty { throw TrainingError.noScalings }
        original = population
        self.population = plan.isScaleAware ? try population.canonical() : population
        self.subject = subject
        self.plan = plan
        self.folder = folder
        self.checkpoint = checkpoint
        self.observer = observer
    }

    /// Does what is not yet done, and writes `functional.safetensors`, `result.json` and `report.html`.
    ///
    /// - Throws: `FileError`, `FormatError`, ``TrainingError``; what `checkpoint` throws.
    public func run() throws -> GeneralisationResult {
        try Folder.create(folder)
        let isDone = FileManager.default.fileExists(atPath: folder.appending(path: GeneralisationResult.fileName).path)
        let result = try isDone ? GeneralisationResult(of: folder) : trainAll()
        try AtomicFile.write(Data(result.html().utf8), to: folder.appending(path: Self.reportFileName))
        for name in try Folder.contents(of: folder) where name.hasSuffix(Self.stateSuffix) {
            try Folder.remove(folder.appending(path: name))
        }
        return result
    }

    /// The ensemble in a study's folder.
    public static let modelFileName = "functional.safetensors"
    /// The page in a study's folder.
    public static let reportFileName = "report.html"
    private static let stateSuffix = ".state.safetensors"

    private func trainAll() throws -> GeneralisationResult {
        var result = GeneralisationResult(subject, of: population, isScaleAware: plan.isScaleAware)
        try trainEnsemble(&result)
        try fitBaselines(&result)
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
        try AtomicFile.write(try encoder.encode(result), to: folder.appending(path: GeneralisationResult.fileName))
        return result
    }

    /// Trains a model, or takes its training up from the state in the folder.
    func train<Model: PopulationLearner>(
        _ stage: String, _ task: GeneralisationTask<Model>, _ options: TrainingOptions
    ) throws -> Trainer<GeneralisationTask<Model>>.Result {
        var note = ""
        let state = folder.appending(path: stage.replacing(" ", with: "-") + Self.stateSuffix)
        return try Trainer(task, options: options, stateFile: state, checkpoint: checkpoint).run { fraction in
            try checkpoint()
            observer(stage, fraction, note)
        } validated: { records, _ in
            let validation = records.last?.validation ?? .nan
            note = "validation \(task.metric.name) \(Numeral.fixed(validation, digits: 3))"
        }
    }
}
