internal import Torch

/// Networks to train on, to choose by, and to report on; all networks of one image, or of one run, are on one side.
public struct Split: Hashable, Codable, Sendable {
    /// A part of the groups.
    public enum Portion: Hashable, Sendable {
        case count(Int)
        case fraction(Double)

        /// How many of `total`: at least one of a part that is not zero, where there are enough for three sides.
        func count(of total: Int) -> Int {
            switch self {
            case .count(let count): return count
            case .fraction(let fraction):
                let count = Int((fraction * Double(total)).rounded())
                return fraction > 0 && total > 2 ? max(1, count) : count
            }
        }
    }

    /// Where the test groups come from.
    public enum TestGroups: Hashable, Sendable {
        /// Drawn at random.
        case random
        /// The last ones of the source, as MNIST has its own.
        case last
    }

    /// Numbers of networks to train on, ascending.
    public let train: [Int]
    /// Numbers of networks to choose by, ascending.
    public let validation: [Int]
    /// Numbers of networks to report on, ascending.
    public let test: [Int]

    /// A split that was made elsewhere.
    ///
    /// - Input: numbers of networks, ascending.
    public init(train: [Int], validation: [Int], test: [Int]) {
        self.train = train
        self.validation = validation
        self.test = test
    }

    /// Splits networks by what they belong to.
    ///
    /// - Input: the image or the run of each network; portions of the number of distinct ones.
    /// - Throws: ``SplitError`` when nothing would be left for training.
    public init(
        groups: [Int], validation: Portion, test: Portion, testGroups: TestGroups = .random, seed: UInt64 = 0
    ) throws {
        var random = RandomSource(seed: seed)
        let distinct = Set(groups).sorted()
        let testCount = test.count(of: distinct.count)
        let validationCount = validation.count(of: distinct.count)
        guard testCount >= 0, validationCount >= 0, testCount < distinct.count,
            validationCount < distinct.count - testCount
        else {
            throw SplitError.nothingToTrainOn(groups: distinct.count, validation: validationCount, test: testCount)
        }
        let shuffled =
            switch testGroups {
            case .random: distinct.shuffled(using: &random)
            case .last: distinct.dropLast(testCount).shuffled(using: &random) + distinct.suffix(testCount)
            }
        let tested = Set(shuffled.suffix(testCount))
        let validated = Set(shuffled.prefix(validationCount))
        self.test = groups.indices.filter { tested.contains(groups[$0]) }
        self.validation = groups.indices.filter { validated.contains(groups[$0]) }
        train = groups.indices.filter { !tested.contains(groups[$0]) && !validated.contains(groups[$0]) }
    }

    /// Tests on some networks and all that belong to the same, and splits the others.
    ///
    /// - Input: the image or the run of each network; numbers of networks; a portion of the distinct ones that are left.
    /// - Throws: ``SplitError`` when there are no networks to test on, or nothing would be left for training.
    public init(groups: [Int], validation: Portion, testing networks: [Int], seed: UInt64 = 0) throws {
        let tested = Set(networks.map { groups[$0] })
        let others = groups.indices.filter { !tested.contains(groups[$0]) }
        if networks.isEmpty { throw SplitError.nothingToTestOn }
        if others.isEmpty { throw SplitError.everythingTested(groups: tested.count) }
        let split = try Split(groups: others.map { groups[$0] }, validation: validation, test: .count(0), seed: seed)
        train = split.train.map { others[$0] }
        self.validation = split.validation.map { others[$0] }
        test = groups.indices.filter { tested.contains(groups[$0]) }
    }
}

extension Split {
    /// A split as a catalog has it.
    ///
    /// - Input: the fact `split` of each network.
    public init(sides: [ZooValue]) {
        func networks(_ side: Side) -> [Int] { sides.indices.filter { sides[$0] == .text(side.rawValue) } }
        self.init(train: networks(.train), validation: networks(.validation), test: networks(.test))
    }

    /// Whether networks of one image or of one run are on several sides.
    ///
    /// - Input: the image or the run of each network.
    public func divides(_ groups: [Int]) -> Bool {
        let sides = [train, validation, test].map { Set($0.map { groups[$0] }) }
        return sides.reduce(0) { $0 + $1.count } != sides.reduce(into: Set()) { $0.formUnion($1) }.count
    }

    /// The side of each of a zoo's networks.
    func sides(count: Int) -> [Side?] {
        var sides = [Side?](repeating: nil, count: count)
        for (side, networks) in [(Side.train, train), (.validation, validation), (.test, test)] {
            for network in networks { sides[network] = side }
        }
        return sides
    }

    /// What a catalog says of a network.
    enum Side: String { case train, validation, test }
}

/// Networks that cannot be split as asked.
public enum SplitError: Error, Equatable, CustomStringConvertible {
    /// Validation and test would take every image or run.
    case nothingToTrainOn(groups: Int, validation: Int, test: Int)
    /// No network meets the condition for the test.
    case nothingToTestOn
    /// The networks that meet the condition for the test, with all that belong to the same, are all there are.
    case everythingTested(groups: Int)

    public var description: String {
        switch self {
        case .nothingToTrainOn(let groups, let validation, let test):
            "expected fewer images or runs for validation and test than the \(groups) of the zoo, "
                + "found \(validation) and \(test); ask for fewer"
        case .nothingToTestOn: "no network meets the condition for the test"
        case .everythingTested(let groups):
            "each of the \(groups) images or runs of the zoo has a network that meets the condition for the test; "
                + "nothing is left to train on"
        }
    }
}
