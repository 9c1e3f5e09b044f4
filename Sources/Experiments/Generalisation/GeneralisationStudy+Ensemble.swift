public import NeuralFunctionals
internal import Torch
public import WeightSpaces

extension GeneralisationStudy {
    /// Trains the ensemble of the population's kind, stores it, and measures it and its parts.
    func trainEnsemble(_ result: inout GeneralisationResult) throws {
        if population.isUniform {
            try trainInvariantEnsemble(&result)
        } else {
            try trainMixedEnsemble(&result)
        }
    }

    private func trainInvariantEnsemble(_ result: inout GeneralisationResult) throws {
        let configuration = Self.functional(over: population.space, plan.trunk)
        let trunk = configuration.trunk
        try trainEnsemble(
            InvariantFunctional.self, configuration,
            summary: """
                \(trunk.depth) equivariant layers of \(trunk.channels) channels, \(trunk.matrixChannels) on matrices, \
                then invariant pooling
                """, &result)
    }

    /// What networks of one architecture are read by.
    public static func functional(
        over space: WeightSpace, _ options: Run.TrunkOptions
    ) -> InvariantFunctional.Configuration {
        var trunk = options.configuration(over: space)
        trunk.normalization = .logarithmic
        // Between the scalars of all blocks, at all their fixed positions, a full matrix would have most of the parameters.
        trunk.bottleneck = .init(rank: 64, views: 4)
        trunk.limitWidth()
        return InvariantFunctional.Configuration(trunk: trunk, outputs: 1)
    }

    private func trainMixedEnsemble(_ result: inout GeneralisationResult) throws {
        let read = Set(population.split.train)
        let isRead = population.stacks.map { $0.networks.contains(where: read.contains) }
        let spaces = zip(population.stacks, isRead).filter(\.1).map(\.0.space)
        let model = MixedFunctional.Configuration(
            spaces: spaces, depth: plan.trunk.depth, channels: plan.trunk.channels,
            matrixChannels: plan.trunk.matrixChannels, outputs: 1)
        let predicted = Set(population.split.validation + population.split.test)
        for (stack, isRead) in zip(population.stacks, isRead)
        where !isRead && stack.networks.contains(where: predicted.contains) {
            if let role = model.unknownRoles(of: stack.space).first { throw TrainingError.unknownRole(role) }
        }
        try trainEnsemble(
            MixedFunctional.self, model,
            summary: """
                \(model.depth) equivariant layers of \(model.channels) channels, \(model.matrixChannels) on matrices, \
                whose parameters are shared by role over \(Numeral.count(spaces.count)) architectures, then means over roles
                """, &result)
    }

    private func trainEnsemble<Base: PopulationLearner>(
        _: Base.Type, _ base: Base.Configuration, summary: String, _ result: inout GeneralisationResult
    ) throws {
        let spectra = try described(seenAs: WeightStatistics.View.allCases)
        let perceptron = try trainPerceptron("perceptron on spectra", on: spectra)
        let task = GeneralisationTask<Base>(
            population, augmentation: plan.augmentation, model: base,
            beside: spectra.population.outputs(of: perceptron.model, networks: Array(population.targets.indices)))
        let functional = try train("functional", task, plan.functional)
        let model = FunctionalWithStatistics(functional.model, perceptron.model, on: spectra.statistics)
        try model.write(to: folder.appending(path: Self.modelFileName))
        let test = population.split.test
        result.add(
            "ensemble",
            summary: """
                the mean of the functional and the perceptron on spectra; \(Numeral.count(model.parameterCount)) parameters
                """,
            isBaseline: false, predictions: population.predictions(of: model, networks: test),
            seconds: perceptron.seconds + functional.seconds,
            records: functional.records.map { $0.delayed(by: perceptron.seconds) })
        result.add(
            "functional alone",
            summary: "\(summary)\(averaging); at the step where the mean of both was best", isBaseline: false,
            predictions: population.predictions(of: functional.model, networks: test))
        perceptron.add(to: &result, isBaseline: false)
        try addRescaled(model, &result)
    }

    private var averaging: String {
        plan.functional.averagedSteps.map { ", averaged over \($0) steps" } ?? ""
    }

    /// What the ensemble predicts of test networks that compute the same with other weights.
    private func addRescaled(_ model: some PopulationReader, _ result: inout GeneralisationResult) throws {
        if original.scalings.isEmpty { return }
        var random = RandomSource(seed: plan.functional.seed)
        let rescaled = try original.rescaled(using: &random)
        let read = plan.isScaleAware ? try rescaled.canonical() : rescaled
        result.add(
            "ensemble, neurons rescaled",
            summary: """
                the ensemble on the test networks with the scales or signs of their neurons drawn at random, which \
                leaves their functions alone; networks are read \(plan.isScaleAware ? "in canonical form" : "as they are")
                """,
            isBaseline: false, predictions: read.predictions(of: model, networks: population.split.test))
    }
}
