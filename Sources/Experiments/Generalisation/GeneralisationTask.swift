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
    /// How the model is made; each of its outputs learns the target, and their mean is what is predicted.
    public let configuration: Model.Configuration
    /// What happens to the weights of training networks.
    public let augmentation: WeightAugmentation
    private let scale: TargetScale
    /// The ranks of the targets, `[networks, 1]`.
    private let ranks: Tensor

    public var split: Split { population.split }
    public var metric: Metric { .kendallTau }

    /// Prediction by models of a configuration.
    public init(
        _ population: WeightPopulation, augmentation: WeightAugmentation = WeightAugmentation(),
        model configuration: Model.Configuration
    ) {
        self.population = population
        self.augmentation = augmentation
        self.configuration = configuration
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
        let logits = groups.ordered(outputs)
        return binaryCrossEntropy(logits, ranks.gathered(0, at: networks).expanded(logits.shape))
    }

    /// Kendall's τ between predictions and targets; 0 where all predictions are equal, for they order nothing.
    public func measure(_ model: Model, networks: [Int]) -> Double {
        kendallTau(predictions(of: model, networks: networks), networks.map { population.targets[$0] }) ?? 0
    }

    /// What a model predicts of some networks, in the unit of the targets.
    public func predictions(of model: Model, networks: [Int]) -> [Double] {
        let parts = networks.parts(of: 4 * model.networksPerPart)
        let outputs = Runtime.concurrentMap(parts.count) { index in
            let groups = population.groups(at: parts[index])
            return withoutGradients {
                groups.ordered(groups.map { model.meanOutput(of: $0.networks, in: $0.space) })
            }.to(.float64).elements(as: Double.self)
        }
        return outputs.flatMap(\.self).map { scale.prediction($0) }
    }
}
