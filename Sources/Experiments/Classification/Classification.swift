public import NeuralFunctionals
public import Torch
internal import WeightSpaces
public import Zoo

/// Reading from the weights of networks which class each belongs to, such as that of the picture that it shows.
///
/// - Source: Zhou et al. 2023, arXiv:2302.14040, section 4.2.
public struct Classification<Model: PopulationLearner>: TrainingTask {
    /// The networks.
    public let population: any NetworkPopulation
    /// How the model is made.
    public let configuration: Model.Configuration
    /// What the classes are called.
    public let classNames: [String]
    /// How strongly the pictures of training networks are warped.
    public let warp: Double
    /// The class of each network of the population; −1 for one that is on no side of the split.
    private let classes: [Int]
    private let labels: Tensor

    public var split: Split { population.split }
    public var metric: Metric { .accuracy }

    /// The number of classes.
    public var classCount: Int { classNames.count }

    /// The networks with pictures, if they have any.
    public var pictures: INRPopulation? { population as? INRPopulation }

    /// - Parameters:
    ///   - classes: the class of each network of the population that is on a side of the split.
    ///   - warp: only for networks with pictures.
    public init(
        _ population: any NetworkPopulation, classes: [Int?], names: [String], warp: Double = 0,
        model configuration: Model.Configuration
    ) {
        self.population = population
        self.configuration = configuration
        self.classes = classes.map { $0 ?? -1 }
        self.warp = warp
        classNames = names
        labels = Tensor(self.classes.map(Int64.init))
    }

    public func makeModel(using random: inout RandomSource) -> Model {
        var model = Model(configuration, using: &random)
        model.fitNormalization(to: population.sample().map { ($0.networks, $0.space) })
        return model
    }

    public func loss(_ model: Model, networks: [Int], using random: inout RandomSource) -> Tensor {
        var groups = population.groups(at: networks)
        if let pictures, warp > 0 {
            let warped = pictures.networks(at: networks, warpedBy: warp, using: &random)
            groups = [.init(positions: Array(networks.indices), networks: warped, space: pictures.space)]
        }
        var source: RandomSource? = random
        let logits = groups.map { model($0.networks, of: $0.space, dropping: &source) }
        return crossEntropy(groups.ordered(logits), labels.gathered(0, at: networks))
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
    public func judgements(
        of model: Model, networks: [Int]
    ) -> [(network: Int, label: Int, taken: Int, probability: Double)] {
        let parts = networks.parts(of: 64)
        let judged = Runtime.concurrentMap(parts.count) { index -> [(Int, Double)] in
            withoutGradients {
                let groups = population.groups(at: parts[index])
                let logits = groups.ordered(groups.map { model($0.networks, of: $0.space) })
                let odds = exp(logits - logits.maximum([1], keepingAxes: true)).sum([1])
                return zip(
                    logits.argmax(1).elements(as: Int64.self), odds.to(.float64).elements(as: Double.self)
                ).map { (Int($0), 1 / $1) }
            }
        }
        return zip(networks, judged.flatMap(\.self)).map { network, judged in
            (network, classes[network], judged.0, judged.1)
        }
    }
}

extension Classification {
    /// What it costs to train.
    ///
    /// - Parameter name: what the model is called.
    public func cost(named name: String, _ options: TrainingOptions) -> TrainingCost {
        TrainingCost(
            Model.self, configuration, named: name, of: population.structures, options: options,
            copies: population.heldCopies)
    }

    /// What keeps a model from reading the population's networks, if anything.
    public func obstacle(to model: Model) -> (expected: String, found: String)? {
        for (space, _) in population.structures {
            if let reader = model as? any NetworkReader {
                guard reader.space.isLike(space) else {
                    return ("\(reader.space.blocks.map(\.shape))", "\(space.blocks.map(\.shape))")
                }
            } else if let mixed = model as? MixedFunctional,
                let role = mixed.configuration.unknownRoles(of: space).first
            {
                return ("layers as those of the training networks", "one like '\(role)'")
            }
        }
        return nil
    }
}

extension WeightSpace {
    /// Whether blocks and groups are the same but for their names.
    fileprivate func isLike(_ other: WeightSpace) -> Bool {
        groups.map(\.size) == other.groups.map(\.size)
            && blocks.map { [$0.shape, $0.viewShape] } == other.blocks.map { [$0.shape, $0.viewShape] }
            && blocks.map(\.axes) == other.blocks.map(\.axes)
    }
}
