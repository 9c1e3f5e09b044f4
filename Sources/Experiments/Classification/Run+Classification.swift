internal import Foundation
public import NeuralFunctionals
internal import WeightSpaces
public import Zoo

/// Something that is done with the classification of a run, whatever model it has.
public protocol ClassificationUse {
    associatedtype Result
    func callAsFunction<Model: PopulationLearner>(_ task: Classification<Model>, of zoo: Zoo) throws -> Result
}

extension Run {
    /// Does something with the classification of the run's zoo, or of another.
    ///
    /// Networks that draw pictures are read from disk when they are needed, others are held in memory; those of several
    /// architectures are read by one functional whose parameters are shared by role. All networks of another zoo are to
    /// report on.
    ///
    /// - Throws: what opening the zoo throws; `SplitError`; ``TrainingError``; what `use` throws.
    public func classification<Use: ClassificationUse>(of other: String? = nil, _ use: Use) throws -> Use.Result {
        guard case .classify(let reader, let warp) = kind else { throw TrainingError.noRun(self.zoo) }
        let zoo = try Zoo(contentsOf: URL(filePath: other ?? self.zoo))
        let labels = try labels(of: zoo)
        if let pictures = zoo.pictures {
            let chosen = try other == nil ? split(of: pictures) : Split(testing: pictures.count)
            let all = try INRPopulation(pictures, symmetry: symmetry, split: chosen)
            let population = all.restricted { labels.classes[$0] != nil }
            func task<Model: NetworkReader>(_ model: Model.Configuration) -> Classification<Model> {
                Classification(population, classes: labels.classes, names: labels.names, warp: warp, model: model)
            }
            return switch reader {
            case .functional:
                try use(
                    task(functional(over: population.space, labels)) as Classification<InvariantFunctional>, of: zoo)
            case .flat: try use(task(flat(over: population.space, labels)) as Classification<FlatPerceptron>, of: zoo)
            }
        }
        if warp > 0 { throw TrainingError.noPictures(zoo: zoo.folder.relativePath) }
        let population = try WeightPopulation(zoo, classes: labels, split: other == nil ? split : nil)
        let classes = population.targets.map { Int($0) }
        func task<Model>(_ model: Model.Configuration) -> Classification<Model> {
            Classification(population, classes: classes, names: labels.names, model: model)
        }
        if !population.isUniform {
            if reader == .flat { throw TrainingError.severalArchitectures(zoo: zoo.folder.relativePath) }
            return try use(task(mixed(over: population, labels)) as Classification<MixedFunctional>, of: zoo)
        }
        return switch reader {
        case .functional:
            try use(task(general(over: population.space, labels)) as Classification<InvariantFunctional>, of: zoo)
        case .flat: try use(task(flat(over: population.space, labels)) as Classification<FlatPerceptron>, of: zoo)
        }
    }

    /// The task of a run that classifies pictures by a functional.
    public func classification(
        _ population: INRPopulation, warp: Double
    ) throws -> Classification<InvariantFunctional> {
        let labels = try labels(of: population.zoo.zoo)
        return Classification(
            population, classes: labels.classes, names: labels.names, warp: warp,
            model: functional(over: population.space, labels))
    }

    /// The task of a run that classifies pictures by the flat baseline.
    public func flatClassification(
        _ population: INRPopulation, warp: Double
    ) throws -> Classification<FlatPerceptron> {
        let labels = try labels(of: population.zoo.zoo)
        return Classification(
            population, classes: labels.classes, names: labels.names, warp: warp,
            model: flat(over: population.space, labels))
    }

    /// The classes of a zoo's networks, among those that the run tells apart.
    func labels(of zoo: Zoo) throws -> ClassLabels {
        let fact = target ?? "label"
        return try ClassLabels(fact, of: zoo, among: classes ?? ClassLabels.numbered(fact, of: zoo))
    }

    private func functional(over space: WeightSpace, _ labels: ClassLabels) -> InvariantFunctional.Configuration {
        .init(trunk: trunk.configuration(over: space), outputs: labels.names.count)
    }

    /// For networks whose weights span orders of magnitude, and whose fixed axes are long.
    private func general(over space: WeightSpace, _ labels: ClassLabels) -> InvariantFunctional.Configuration {
        var configuration = functional(over: space, labels)
        configuration.trunk.normalization = .logarithmic
        configuration.trunk.bottleneck = .init(rank: 64, views: 4)
        return configuration
    }

    private func flat(over space: WeightSpace, _ labels: ClassLabels) -> FlatPerceptron.Configuration {
        .init(space: space, outputs: labels.names.count)
    }

    private func mixed(over population: WeightPopulation, _ labels: ClassLabels) throws -> MixedFunctional.Configuration
    {
        let read = Set(population.split.train)
        let spaces = population.stacks.filter { read.isEmpty || $0.networks.contains(where: read.contains) }.map(
            \.space)
        let model = MixedFunctional.Configuration(
            spaces: spaces, depth: max(1, trunk.depth), channels: trunk.channels, matrixChannels: trunk.matrixChannels,
            outputs: labels.names.count)
        for stack in population.stacks {
            if let role = model.unknownRoles(of: stack.space).first { throw TrainingError.unknownRole(role) }
        }
        return model
    }
}
