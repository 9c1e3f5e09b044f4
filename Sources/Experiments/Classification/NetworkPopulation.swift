internal import NeuralFunctionals
public import WeightSpaces
public import Zoo

/// Networks, split into those to learn from, to choose by and to report on.
public protocol NetworkPopulation: Sendable {
    /// Which networks are for what.
    var split: Split { get }
    /// The structures that networks have, each with how many have it.
    var structures: [(space: WeightSpace, count: Int)] { get }
    /// How often all weights are held in memory.
    var heldCopies: Int { get }
    /// The number that a network has in its zoo.
    func origin(of network: Int) -> Int
    /// Some networks, sorted by architecture.
    func groups(at numbers: [Int]) -> [WeightPopulation.Group]
    /// Training networks enough to measure the size of weights by.
    func sample() -> [WeightPopulation.Group]
}

extension WeightPopulation: NetworkPopulation {
    public var structures: [(space: WeightSpace, count: Int)] { stacks.map { ($0.space, $0.networks.count) } }

    public var heldCopies: Int { 1 }

    public func origin(of network: Int) -> Int { origins[network] }
}

extension INRPopulation: NetworkPopulation {
    public var structures: [(space: WeightSpace, count: Int)] { [(space, zoo.count)] }

    public var heldCopies: Int { 0 }

    public func origin(of network: Int) -> Int { network }

    public func groups(at numbers: [Int]) -> [WeightPopulation.Group] { [group(networks(at: numbers))] }

    public func sample() -> [WeightPopulation.Group] { [group(typicalNetworks())] }

    private func group(_ networks: Feature) -> WeightPopulation.Group {
        .init(positions: Array(0..<networks.batch), networks: networks, space: space)
    }
}
