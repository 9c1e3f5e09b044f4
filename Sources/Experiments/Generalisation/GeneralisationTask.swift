public import NeuralFunctionals
public import Torch
public import Zoo

/// Predicting from its weights how well a network generalises, or another number that belongs to it.
///
/// What is learned, with binary cross-entropy, is the target's rank among the training networks (``TargetScale``).
///
/// - Source: Zhou et al. 2023, arXiv:2302.14040, section 4.1; Unterthiner et al. 2020, arXiv:2002.11448.
public struct GeneralisationTask<Model: PopulationLearner>: TrainingTask {
    /// The networks.
    public let population: WeightPopulation
    /// How the model is made, which has one output.
    public let configuration: Model.Configuration
    /// What happens to the weights of training networks.
    public let augmentation: WeightAugmentation
    /// What another model says of every network, `[networks, 1]`; where there is one, the mean of both is measured, but the
    /// model learns by itself.
    private let companion: Tensor?
    /// The ranks of the targets, `[networks, 1]`.
    private let ranks: Tensor

    public var split: Split { population.split }
    public var metric: Metric { .kendallTau }

    /// Prediction by models of a configuration.
    public init(
        _ population: WeightPopulation, augmentation: WeightAugmentation = WeightAugmentation(),
        model configuration: Model.Configuration, beside companion: Tensor? = nil
    ) {
        self.population = population
        self.augmentation = augmentation
        self.configuration = configuration
        self.companion = companion
        let scale = TargetScale(of: population)
        ranks = Tensor(population.targets.map { scale.rank(of: $0) }, shape: [population.targets.count, 1]).to(.float32)
    }

    public func makeModel(using random: inout RandomSource) -> Model {
        var model = Model(configuration, using: &random)
        model.fitNormalization(to: population.sample().map { ($0.networks, $0.space) })
        return model
    }

    public func loss(_ model: Model, networks: [Int], using random: inout RandomSource) -> Tensor {
        let groups = population.groups(at: networks)
        let outputs = groups.map { group in
            let changed = augmentation(group.networks, using: &random)
            var source: RandomSource? = random
            return model(changed, of: group.space, dropping: &source)
        }
        return binaryCrossEntropy(groups.ordered(outputs), ranks.gathered(0, at: networks))
    }

    /// Kendall's τ between what is said and the targets; 0 where all is said to be equal, for that orders nothing.
    public func measure(_ model: Model, networks: [Int]) -> Double {
        tau(of: population.outputs(of: model, networks: networks), networks)
    }

    public func measure(_ model: Model, networks: [Int], checkpoint: @Sendable () throws -> Void) throws -> Double {
        tau(of: try population.outputs(of: model, networks: networks, checkpoint: checkpoint), networks)
    }

    private func tau(of outputs: Tensor, _ networks: [Int]) -> Double {
        var outputs = outputs
        if let companion { outputs = (outputs + companion.gathered(0, at: networks)) / 2 }
        return kendallTau(outputs.to(.float64).elements(), networks.map { population.targets[$0] }) ?? 0
    }
}
