internal import Torch

/// Networks to train on, to choose by, and to report on; all networks of one image are on one side.
public struct Split: Hashable, Codable, Sendable {
    /// A part of the images.
    public enum Portion: Hashable, Sendable {
        case count(Int)
        case fraction(Double)

        func count(of total: Int) -> Int {
            switch self {
            case .count(let count): count
            case .fraction(let fraction): Int((fraction * Double(total)).rounded())
            }
        }
    }

    /// Where the test images come from.
    public enum TestImages: Hashable, Sendable {
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

    /// Splits networks by their images.
    ///
    /// - Input: the image of each network; portions of the number of distinct images.
    /// - Throws: ``SplitError`` when no image would be left for training.
    public init(
        images: [Int], validation: Portion, test: Portion, testImages: TestImages = .random, seed: UInt64 = 0
    ) throws {
        var random = RandomSource(seed: seed)
        let distinct = Set(images).sorted()
        let testCount = test.count(of: distinct.count)
        let validationCount = validation.count(of: distinct.count)
        guard testCount >= 0, validationCount >= 0, testCount < distinct.count,
            validationCount < distinct.count - testCount
        else {
            throw SplitError.nothingToTrainOn(images: distinct.count, validation: validationCount, test: testCount)
        }
        let shuffled =
            switch testImages {
            case .random: distinct.shuffled(using: &random)
            case .last: distinct.dropLast(testCount).shuffled(using: &random) + distinct.suffix(testCount)
            }
        let tested = Set(shuffled.suffix(testCount))
        let validated = Set(shuffled.prefix(validationCount))
        self.test = images.indices.filter { tested.contains(images[$0]) }
        self.validation = images.indices.filter { validated.contains(images[$0]) }
        train = images.indices.filter { !tested.contains(images[$0]) && !validated.contains(images[$0]) }
    }
}

/// Images that cannot be split as asked.
public enum SplitError: Error, Equatable, CustomStringConvertible {
    /// Validation and test would take every image.
    case nothingToTrainOn(images: Int, validation: Int, test: Int)

    public var description: String {
        switch self {
        case .nothingToTrainOn(let images, let validation, let test):
            "expected fewer validation and test images than the \(images) of the zoo, "
                + "found \(validation) and \(test); ask for fewer"
        }
    }
}
