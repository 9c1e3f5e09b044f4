public import NeuralFunctionals
public import Torch
internal import WeightSpaces
public import Zoo

/// Reading from the weights of an implicit neural representation which class its picture belongs to.
///
/// - Source: Zhou et al. 2023, arXiv:2302.14040, section 4.2.
public struct INRClassification<Model: NetworkReader>: TrainingTask {
    /// The networks.
    public let population: INRPopulation
    /// How the model is made.
    public let configuration: Model.Configuration
    /// The number of classes.
    public let classCount: Int
    /// How strongly the pictures of training networks are warped.
    public let warp: Double
    private let labels: Tensor

    public var split: Split { population.split }
    public var metric: Metric { .accuracy }

    /// - Throws: ``TrainingError/noLabels(zoo:)``.
    public init(
        _ population: INRPopulation, warp: Double = 0, model: (_ classCount: Int) -> Model.Configuration
    ) throws {
        let labels = population.zoo.labels
        guard let largest = labels.max(), !labels.contains(where: { $0 < 0 }) else {
            throw TrainingError.noLabels(zoo: population.zoo.folder.relativePath)
        }
        self.population = population
        self.warp = warp
        self.labels = Tensor(labels.map(Int64.init))
        classCount = largest + 1
        configuration = model(largest + 1)
    }

    public func makeModel(using random: inout RandomSource) -> Model {
        var model = Model(configuration, using: &random)
        model.fitNormalization(to: population.sample())
        return model
    }

    public func loss(_ model: Model, networks: [Int], using random: inout RandomSource) -> Tensor {
        let warped = population.networks(at: networks, warpedBy: warp, using: &random)
        var source: RandomSource? = random
        let logits = model(warped, dropping: &source)
        return crossEntropy(logits, labels.gathered(0, at: networks))
    }

    public func measure(_ model: Model, networks: [Int]) -> Double {
        let judgements = judgements(of: model, networks: networks)
        return Double(judgements.count { $0.taken == $0.label }) / Double(max(networks.count, 1))
    }

    /// How often networks of each class (row) were taken for each class (column).
    public func confusion(of model: Model, networks: [Int]) -> [[Int]] {
        var result = [[Int]](repeating: [Int](repeating: 0, count: classCount), count: classCount)
        for judgement in judgements(of: model, networks: networks) { result[judgement.label][judgement.taken] += 1 }
        return result
    }

    /// What a model takes each network for, and with what probability.
    func judgements(of model: Model, networks: [Int]) -> [(network: Int, label: Int, taken: Int, probability: Double)] {
        let parts = networks.parts(of: 64)
        let judged = Runtime.concurrentMap(parts.count) { index -> [(Int, Double)] in
            withoutGradients {
                let logits = model(population.networks(at: parts[index]))
                let odds = exp(logits - logits.maximum([1], keepingAxes: true)).sum([1])
                return zip(
                    logits.argmax(1).elements(as: Int64.self), odds.to(.float64).elements(as: Double.self)
                ).map { (Int($0), 1 / $1) }
            }
        }
        return zip(networks, judged.flatMap(\.self)).map { network, judged in
            (network, population.zoo.labels[network], judged.0, judged.1)
        }
    }
}
