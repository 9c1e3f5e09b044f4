public import NeuralFunctionals
public import Torch
public import Zoo

/// Predicting from its weights how well a network generalises, or another number that belongs to it.
///
/// What is learned, with binary cross-entropy, is the target's rank among the training networks (``TargetScale``).
///
/// - Source: Zhou et al. 2023, arXiv:2302.14040, section 4.1; Unterthiner et al. 2020, arXiv:2002.11448.
public struct GeneralisationTask<Model: PopulationReader>: TrainingTask {
    /// The networks.
    public let population: WeightPopulation
    /// How the model is made, which has one output.
    public let configuration: Model.Configuration
    /// What happens to the weights of training networks.
    public let augmentation: WeightAugmentation
    /// What another model says of every network, `[networks, 1]`; where there is one, the mean of both is measured, and the
    /// model still learns by itself.
    private let companion: Tensor?
    private let scale: TargetScale
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
        self.scale = scale
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

    /// Kendall's τ between predictions and targets; 0 where all predictions are equal, for they order nothing.
    public func measure(_ model: Model, networks: [Int]) -> Double {
        kendallTau(predictions(of: model, networks: networks), networks.map { population.targets[$0] }) ?? 0
    }

    /// What a model, with its companion, predicts of some networks, in the unit of the targets.
    public func predictions(of model: Model, networks: [Int]) -> [Double] {
        var outputs = outputs(of: model, networks: networks)
        if let companion { outputs = (outputs + companion.gathered(0, at: networks)) / 2 }
        return outputs.to(.float64).elements(as: Double.self).map { scale.prediction($0) }
    }

    /// What a model by itself says of some networks, `[networks, 1]`.
    func outputs(of model: Model, networks: [Int]) -> Tensor {
        let parts = networks.parts(of: 4 * model.networksPerPart)
        let outputs = Runtime.concurrentMap(parts.count) { index in
            let groups = population.groups(at: parts[index])
            return withoutGradients { groups.ordered(groups.map { model($0.networks, of: $0.space) }) }
        }
        return concatenate(outputs, axis: 0)
    }
}
