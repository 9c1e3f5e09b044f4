public import Foundation

/// How well several methods predict a number from networks' weights, measured on the same test networks.
public struct GeneralisationResult: Hashable, Sendable, Codable {
    /// What was studied, in words.
    public struct Subject: Hashable, Sendable, Codable {
        /// What the networks are, such as `CNNs of CIFAR-10 in grey`.
        public var networks: String
        /// What is predicted, such as `test accuracy`.
        public var target: String
        /// How the networks were made, in sentences: a result without its recipe says little.
        public var recipe: String
        /// The command that makes the result again.
        public var command: String

        public init(networks: String, target: String, recipe: String, command: String) {
            self.networks = networks
            self.target = target
            self.recipe = recipe
            self.command = command
        }
    }

    /// One side of the split.
    public struct Side: Hashable, Sendable, Codable {
        public let networks: Int
        /// How many training runs the networks are checkpoints of.
        public let runs: Int
    }

    /// What one method found.
    public struct Method: Hashable, Sendable, Codable {
        /// Its name in tables.
        public let name: String
        /// What it is made of.
        public let summary: String
        /// Whether it is there to be compared with.
        public let isBaseline: Bool
        /// How well its predictions agree with the targets.
        public let agreement: Agreement
        /// Where τ lies with 95 % confidence (``RunBootstrap``).
        public let tauInterval: ClosedRange<Double>?
        /// The agreement over each subset that has test networks.
        public let subsets: [String: Agreement]
        /// Seconds that fitting it took; nil for what was fitted with another method.
        public let seconds: Double?
        /// Every validation; none where there were no steps.
        public let records: [TrainingRecord]
        /// What it predicts of each test network.
        public let predictions: [Double]
    }

    public let subject: Subject
    public let train: Side
    public let validation: Side
    public let test: Side
    /// The weights of the smallest and of the largest network.
    public let parameterCounts: ClosedRange<Int>
    /// How a functional's output stands for the target.
    public let scale: TargetScale
    /// Whether networks are read in the canonical form of their neurons' scales.
    public let isScaleAware: Bool
    /// The numbers of the test networks where they come from.
    public let networks: [Int]
    /// What each test network belongs to, a run or an image, by number.
    public let runs: [Int]
    /// What is true of each test network.
    public let targets: [Double]
    /// Where the networks of each subset stand among the test networks.
    public let subsets: [String: [Int]]
    /// What was found, in the order of ``add(_:summary:isBaseline:predictions:seconds:records:)``.
    public private(set) var methods: [Method] = []

    /// A result without methods.
    public init(_ subject: Subject, of population: WeightPopulation, isScaleAware: Bool = false) {
        let split = population.split
        func side(_ numbers: [Int]) -> Side {
            Side(networks: numbers.count, runs: Set(numbers.map { population.runs[$0] }).count)
        }
        self.subject = subject
        train = side(split.train)
        validation = side(split.validation)
        test = side(split.test)
        let counts = population.stacks.map(\.space.parameterCount)
        parameterCounts = (counts.min() ?? 0)...(counts.max() ?? 0)
        scale = TargetScale(of: population)
        self.isScaleAware = isScaleAware
        networks = split.test.map { population.origins[$0] }
        runs = split.test.map { population.runs[$0] }
        targets = split.test.map { population.targets[$0] }
        subsets = population.subsets.mapValues { numbers in
            let members = Set(numbers)
            return split.test.indices.filter { members.contains(split.test[$0]) }
        }.filter { !$0.value.isEmpty }
    }

    /// Measures a method by what it predicts of each test network.
    public mutating func add(
        _ name: String, summary: String, isBaseline: Bool, predictions: [Double], seconds: Double? = nil,
        records: [TrainingRecord] = []
    ) {
        let targets = targets
        func agreement(_ places: [Int]) -> Agreement {
            Agreement(predictions: places.map { predictions[$0] }, targets: places.map { targets[$0] })
        }
        methods.append(
            Method(
                name: name, summary: summary, isBaseline: isBaseline,
                agreement: Agreement(predictions: predictions, targets: targets),
                tauInterval: RunBootstrap(runs: runs).interval { places in
                    kendallTau(places.map { predictions[$0] }, places.map { targets[$0] })
                },
                subsets: subsets.mapValues(agreement), seconds: seconds, records: records, predictions: predictions))
    }

    /// The first method that is no baseline, or the first.
    var main: Method? { methods.first { !$0.isBaseline } ?? methods.first }
}

extension GeneralisationResult {
    static let fileName = "result.json"

    /// Reads what a study has left in its folder.
    ///
    /// - Throws: ``TrainingError/noStudy(_:)``.
    public init(of folder: URL) throws {
        guard let data = try? Data(contentsOf: folder.appending(path: Self.fileName)),
            let result = try? JSONDecoder().decode(Self.self, from: data)
        else { throw TrainingError.noStudy(folder.relativePath) }
        self = result
    }
}
