public import NeuralFunctionals
public import Torch
internal import WeightSpaces
public import Zoo

/// Changing the weights of an implicit neural representation so that its picture becomes an edited one.
///
/// The loss is the mean squared error between the picture that the edited network draws and the edited original.
///
/// - Source: Zhou et al. 2023, arXiv:2302.14040, section 4.3.
public struct INREditing: TrainingTask {
    /// The networks.
    public let population: INRPopulation
    /// What is done to the pictures.
    public let edit: ImageEdit
    /// How the functional is made.
    public let configuration: EquivariantFunctional.Configuration
    /// How many random pixels a step of training looks at.
    public let pixelsPerStep: Int
    /// `[networks, pixels, channels]`
    private let targets: Tensor
    /// `[pixels, 2]`
    private let points: Tensor

    public var split: Split { population.split }
    public var metric: Metric { .meanSquaredError }

    /// Edits every original of the population.
    ///
    /// - Throws: `ZooError` when the zoo has no pictures.
    public init(
        _ population: INRPopulation, edit: ImageEdit, pixelsPerStep: Int = 196,
        model: EquivariantFunctional.Configuration
    ) throws {
        self.population = population
        self.edit = edit
        configuration = model
        let zoo = population.zoo
        let edited = edit(try zoo.pictures(at: Array(0..<zoo.count)))
        targets = Tensor(
            edited.signal(of: 0..<zoo.count), shape: [zoo.count, zoo.grid.count, edited.channels])
        points = zoo.grid.coordinates()
        self.pixelsPerStep = min(pixelsPerStep, zoo.grid.count)
    }

    public func makeModel(using random: inout RandomSource) -> EquivariantFunctional {
        var model = EquivariantFunctional(configuration, using: &random)
        model.fitNormalization(to: population.typicalNetworks())
        return model
    }

    public func loss(_ model: EquivariantFunctional, networks: [Int], using random: inout RandomSource) -> Tensor {
        let pixels = Array((0..<points.size(0)).shuffled(using: &random).prefix(pixelsPerStep))
        var source: RandomSource? = random
        let edited = model(population.networks(at: networks), dropping: &source)
        return meanSquaredError(
            render(edited, at: points.gathered(0, at: pixels)),
            targets.gathered(0, at: networks).gathered(1, at: pixels))
    }

    public func measure(_ model: EquivariantFunctional, networks: [Int]) -> Double {
        error(over: networks) { model($0) }
    }

    public func measure(
        _ model: EquivariantFunctional, networks: [Int], checkpoint: @Sendable () throws -> Void
    ) throws -> Double {
        try error(over: networks) {
            try checkpoint()
            return model($0)
        }
    }

    /// The error of leaving the networks as they are.
    public func identityError(networks: [Int]) -> Double { error(over: networks) { $0 } }

    private func error<Failure: Error>(
        over networks: [Int], _ edit: @Sendable (Feature) throws(Failure) -> Feature
    ) throws(Failure) -> Double {
        let parts = networks.parts(of: 32)
        let sums = try Runtime.concurrentMap(parts.count) { index throws(Failure) in
            try withoutGradients { () throws(Failure) in
                let drawn = render(try edit(population.networks(at: parts[index])), at: points)
                let error = meanSquaredError(drawn, targets.gathered(0, at: parts[index]))
                return error.item * Double(parts[index].count)
            }
        }
        return sums.reduce(0, +) / Double(max(networks.count, 1))
    }

    private func render(_ networks: Feature, at points: Tensor) -> Tensor {
        population.zoo.siren.render(networks.stored(in: population.space), at: points)
    }
}
