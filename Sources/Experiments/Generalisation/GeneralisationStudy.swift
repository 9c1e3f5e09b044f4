public import Foundation
internal import NeuralFunctionals
internal import Torch
internal import WeightSpaces

/// Trains a functional and the baselines to predict the targets of one population, and measures them on its test
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
        /// How the perceptrons are trained.
        public var perceptrons: TrainingOptions
        /// What happens to the weights of training networks, for methods that read weights.
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
    private let original: WeightPopulation
    /// As they are read.
    private let population: WeightPopulation
    private let subject: GeneralisationResult.Subject
    private let plan: Plan
    private let folder: URL
    private let checkpoint: @Sendable () throws -> Void
    private let observer: Demonstration.Observer

    /// A study that writes into `folder`.
    ///
    /// - Parameter checkpoint: is called often, and may throw to stop.
    /// - Throws: `WeightSpaceError`.
    public init(
        of population: WeightPopulation, _ subject: GeneralisationResult.Subject, plan: Plan, in folder: URL,
        checkpoint: @escaping @Sendable () throws -> Void = {},
        observer: @escaping Demonstration.Observer = { _, _, _ in }
    ) throws {
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
        let result = try (try? GeneralisationResult(of: folder)) ?? trainAll()
        try AtomicFile.write(Data(result.html().utf8), to: folder.appending(path: Self.reportFileName))
        for name in try Folder.contents(of: folder) where name.hasSuffix(Self.stateSuffix) {
            try Folder.remove(folder.appending(path: name))
        }
        return result
    }

    /// The functional in a study's folder.
    public static let modelFileName = "functional.safetensors"
    /// The page in a study's folder.
    public static let reportFileName = "report.html"
    private static let stateSuffix = ".state.safetensors"

    private func trainAll() throws -> GeneralisationResult {
        var result = GeneralisationResult(subject, of: population, isScaleAware: plan.isScaleAware)
        if population.isUniform {
            try trainFunctional(&result)
        } else {
            try trainMixedFunctional(&result)
        }
        let clock = ContinuousClock()
        let start = clock.now
        let statistics = try WeightStatistics(of: population, by: population.isUniform ? .parameters : .roles)
        let seconds = (clock.now - start) / .seconds(1)
        try fitLinear(statistics, seconds, &result)
        let described = try population.replacingWeights(by: statistics)
        try trainPerceptron(
            "perceptron on statistics", GeneralisationTask(described, model: .init(space: described.space, outputs: 1)),
            reading: "\(described.space.blocks.count) statistics of the weights", seconds, &result)
        if population.isUniform {
            try trainPerceptron(
                "perceptron on weights",
                GeneralisationTask(
                    population, augmentation: plan.augmentation, model: .init(space: population.space, outputs: 1)),
                reading: "\(Numeral.count(population.space.parameterCount)) weights in a row", 0, &result)
        } else {
            try fitLinearByArchitecture(&result)
        }
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
        try AtomicFile.write(try encoder.encode(result), to: folder.appending(path: GeneralisationResult.fileName))
        return result
    }

    private func trainFunctional(_ result: inout GeneralisationResult) throws {
        let trunk = plan.trunk.configuration(over: population.space)
        let task = GeneralisationTask<InvariantFunctional>(
            population, augmentation: plan.augmentation, model: .init(trunk: trunk, outputs: 1))
        try trainFunctional(
            task,
            summary: """
                \(trunk.depth) equivariant layers of \(trunk.channels) channels, \(trunk.matrixChannels) on matrices, \
                then invariant pooling
                """, &result)
    }

    private func trainMixedFunctional(_ result: inout GeneralisationResult) throws {
        let read = Set(population.split.train)
        let spaces = population.stacks.filter { $0.networks.contains(where: read.contains) }.map(\.space)
        let model = MixedFunctional.Configuration(
            spaces: spaces, depth: max(plan.trunk.depth, 1), channels: plan.trunk.channels,
            matrixChannels: plan.trunk.matrixChannels, outputs: 1)
        for stack in population.stacks {
            if let role = model.unknownRoles(of: stack.space).first { throw TrainingError.unknownRole(role) }
        }
        try trainFunctional(
            GeneralisationTask<MixedFunctional>(population, augmentation: plan.augmentation, model: model),
            summary: """
                \(model.depth) equivariant layers of \(model.channels) channels, \(model.matrixChannels) on matrices, \
                whose parameters are shared by role over \(Numeral.count(spaces.count)) architectures, then means over roles
                """, &result)
    }

    private func trainFunctional<Model: PopulationReader>(
        _ task: GeneralisationTask<Model>, summary: String, _ result: inout GeneralisationResult
    ) throws {
        let trained = try train("functional", task, plan.functional)
        try trained.model.write(to: folder.appending(path: Self.modelFileName))
        result.add(
            "functional", summary: "\(summary); \(Numeral.count(trained.model.parameterCount)) parameters",
            isBaseline: false, predictions: task.predictions(of: trained.model, networks: population.split.test),
            seconds: trained.seconds, records: trained.records)
        try addRescaled(trained.model, &result)
    }

    /// What the functional predicts of test networks that compute the same with other weights.
    private func addRescaled<Model: PopulationReader>(_ model: Model, _ result: inout GeneralisationResult) throws {
        if original.scalings.isEmpty { return }
        var random = RandomSource(seed: plan.functional.seed)
        let rescaled = try original.rescaled(using: &random)
        let task = GeneralisationTask<Model>(
            plan.isScaleAware ? try rescaled.canonical() : rescaled, model: model.configuration)
        result.add(
            "functional, neurons rescaled",
            summary: """
                the same functional on the test networks with the scales or signs of their neurons drawn at random, which \
                leaves their functions alone; networks are read \(plan.isScaleAware ? "in canonical form" : "as they are")
                """,
            isBaseline: true, predictions: task.predictions(of: model, networks: population.split.test), seconds: 0)
    }

    private func trainPerceptron(
        _ name: String, _ task: GeneralisationTask<FlatPerceptron>, reading inputs: String, _ preparation: Double,
        _ result: inout GeneralisationResult
    ) throws {
        let trained = try train(name, task, plan.perceptrons)
        let widths = task.configuration.hiddenWidths.map(String.init).joined(separator: " and ")
        result.add(
            name,
            summary: """
                hidden layers of \(widths) units over \(inputs); \(Numeral.count(trained.model.parameterCount)) parameters
                """,
            isBaseline: true, predictions: task.predictions(of: trained.model, networks: population.split.test),
            seconds: preparation + trained.seconds, records: trained.records)
    }

    /// Fits ridge regressions with penalties from a millionth to a hundred, and keeps the one with the best validation.
    private func fitLinear(
        _ statistics: WeightStatistics, _ preparation: Double, _ result: inout GeneralisationResult
    ) throws {
        let clock = ContinuousClock()
        let start = clock.now
        let best = try ridge(statistics, for: population)
        let seconds = (clock.now - start) / .seconds(1)
        result.add(
            "linear on statistics",
            summary: """
                ridge regression on \(statistics.values.size(1)) statistics of the weights, penalty \
                \(Numeral.short(best.penalty)) of nine
                """,
            isBaseline: true, predictions: best.regression(statistics.values.gathered(0, at: population.split.test)),
            seconds: preparation + seconds)
    }

    /// Fits a ridge regression on the statistics of every parameter to each set of architectures with the same parameters,
    /// whatever their sizes; where a set has less than ten networks to learn from, the mean of all training targets is
    /// predicted.
    private func fitLinearByArchitecture(_ result: inout GeneralisationResult) throws {
        let (clock, split) = (ContinuousClock(), population.split)
        let start = clock.now
        let mean = split.train.reduce(0) { $0 + population.targets[$1] } / Double(split.train.count)
        var predictions: [Int: Double] = [:]
        var models = 0
        for stacks in Dictionary(grouping: population.stacks, by: { $0.space.blocks.map(\.name) }).values {
            let (part, networks) = population.restricted(to: stacks)
            let tested = part.split.test
            if tested.isEmpty { continue }
            if part.split.train.count < 10 {
                for network in tested { predictions[networks[network]] = mean }
                continue
            }
            let statistics = try WeightStatistics(of: part)
            let regression = try ridge(statistics, for: part).regression
            for (network, prediction) in zip(tested, regression(statistics.values.gathered(0, at: tested))) {
                predictions[networks[network]] = prediction
            }
            models += 1
        }
        result.add(
            "linear, by architecture",
            summary: """
                \(models) ridge regressions on the statistics of every parameter, one for each list of parameters, such as \
                those of all networks of one depth
                """,
            isBaseline: true, predictions: split.test.compactMap { predictions[$0] },
            seconds: (clock.now - start) / .seconds(1))
    }

    /// The ridge regression with the best validation, of penalties from a millionth to a hundred.
    private func ridge(
        _ statistics: WeightStatistics, for population: WeightPopulation
    ) throws -> (penalty: Double, regression: RidgeRegression) {
        func part(_ numbers: [Int]) -> (inputs: Tensor, targets: [Double]) {
            (statistics.values.gathered(0, at: numbers), numbers.map { population.targets[$0] })
        }
        let (train, validation) = (part(population.split.train), part(population.split.validation))
        let candidates = try (-6...2).map { exponent in
            let penalty = pow(10, Double(exponent))
            let regression = try RidgeRegression(train.inputs, targets: train.targets, penalty: penalty)
            let tau = kendallTau(regression(validation.inputs), validation.targets) ?? 0
            return (penalty: penalty, regression: regression, tau: tau)
        }
        let best = candidates.reduce(candidates[0]) { $1.tau > $0.tau ? $1 : $0 }
        return (best.penalty, best.regression)
    }

    private func train<Model: PopulationReader>(
        _ stage: String, _ task: GeneralisationTask<Model>, _ options: TrainingOptions
    ) throws -> Trainer<GeneralisationTask<Model>>.Result {
        var note = ""
        let state = folder.appending(path: stage.replacing(" ", with: "-") + Self.stateSuffix)
        return try Trainer(task, options: options, stateFile: state).run { fraction in
            try checkpoint()
            observer(stage, fraction, note)
        } validated: { records, _ in
            let validation = records.last?.validation ?? .nan
            note = "validation \(task.metric.name) \(Numeral.fixed(validation, digits: 3))"
        }
    }
}
