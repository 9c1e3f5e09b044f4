public import NeuralFunctionals
internal import Torch
public import WeightSpaces

/// About how much memory a training takes, known before any of it is taken.
public struct TrainingCost: Hashable, Sendable {
    /// What is trained, such as `functional`.
    public let name: String
    /// Its trainable numbers.
    public let parameters: Int
    /// Bytes of the functional in all its copies: as it is, the best one and the running mean; of its gradients; of what the
    /// optimizer remembers.
    public let functional: Int
    /// Networks per step.
    public let batch: Int
    /// Bytes of the features of a step, or of the networks that are measured before the first.
    public let step: Int
    /// Bytes of the networks that are held in memory all the time.
    public let networks: Int

    /// All bytes, with those of the program itself.
    public var bytes: Int { [Self.program, functional, step].reduce(networks) { $0.addingCapped($1) } }

    private static let program = 250_000_000

    /// What it costs to train a functional that is not made yet.
    ///
    /// - Parameters:
    ///   - spaces: the structures of the networks, each with how many networks have it.
    ///   - copies: how often the weights of all networks are held in memory.
    ///   - companions: bytes of what else belongs to the networks and is held.
    public init<Model: Functional>(
        _: Model.Type, _ configuration: Model.Configuration, named name: String = "functional",
        of spaces: [(space: WeightSpace, count: Int)], options: TrainingOptions, copies: Int, companions: Int = 0
    ) {
        self.name = name
        var random = RandomSource.shapesOnly
        let model = Model(configuration, using: &random)
        parameters = model.parameterCount
        let count = spaces.reduce(0) { $0 + $1.count }
        batch = min(options.batch, count)
        let parts = BatchPart.parts(of: max(batch, 1), largest: model.networksPerPart)
        // The total, and what waits for its turn to be added.
        let gradients = 1 + min(Runtime.threadCount, parts.count)
        let sets = 4 + gradients + (options.averagedSteps == nil ? 0 : 1)
        functional = parameters.multipliedCapped(by: 4 * sets)
        let largest = parts.reduce(0) { max($0, $1.samples.count) } * min(Runtime.threadCount, parts.count)
        let features = spaces.reduce(0) { max($0, configuration.bytesPerNetwork(of: $1.space)) }
        let weights = spaces.reduce(0) { max($0, $1.space.parameterCount) }
        // Measured in float64, a block at a time, after they were gathered.
        let sample = weights.multipliedCapped(by: 12 * min(count, Self.measured))
        step = max(features.multipliedCapped(by: largest), sample)
        networks = spaces.reduce(companions) {
            $0.addingCapped($1.space.parameterCount.multipliedCapped(by: 4 * copies).multipliedCapped(by: $1.count))
        }
    }

    /// How many networks stand for all when means and deviations are measured.
    private static let measured = 4_096

    /// Requires the machine to have the memory.
    ///
    /// - Throws: ``TrainingError/tooLarge(_:memory:)``.
    public func require(within memory: Int = MachineMemory.bytes) throws(TrainingError) {
        if bytes > memory { throw .tooLarge(self, memory: memory) }
    }
}

extension TrainingCost: CustomStringConvertible {
    /// One line: `1,117,345 parameters, about 0.6 GB of memory (…)`.
    public var description: String {
        let held = networks > 0 ? ", \(Self.size(networks)) for the networks" : ""
        return """
            \(Numeral.count(parameters)) parameters, about \(Self.size(bytes)) of memory: \(Self.size(functional)) for them, \
            their gradients and the optimizer, \(Self.size(step)) for a step of \(Numeral.count(batch)) networks\(held), \
            \(Self.size(Self.program)) for the program
            """
    }

    /// `0.6 GB`
    static func size(_ bytes: Int) -> String {
        bytes < 1_000_000_000
            ? "\((bytes + 999_999) / 1_000_000) MB"
            : bytes < 100_000_000_000
                ? "\(Numeral.fixed(Double(bytes) / 1e9, digits: 1)) GB" : "\(Numeral.count(bytes / 1_000_000_000)) GB"
    }
}

extension Int {
    /// The sum, or the largest number where it is larger.
    fileprivate func addingCapped(_ other: Int) -> Int {
        let (sum, overflow) = addingReportingOverflow(other)
        return overflow ? .max : sum
    }

    /// The product, or the largest number where it is larger.
    fileprivate func multipliedCapped(by other: Int) -> Int {
        let (product, overflow) = multipliedReportingOverflow(by: other)
        return overflow ? .max : product
    }
}
