public import WeightSpaces

/// What a functional is made of, weight space included, as its file says.
public protocol FunctionalDescription: Codable, Sendable {
    /// Checks what the types leave open, so that a functional of this can be made, and takes no more than its file holds.
    ///
    /// - Throws: ``InvalidSetting``.
    func check(against file: StoredNumbers) throws
    /// About how many bytes the features of one network of a space take in training.
    func bytesPerNetwork(of space: WeightSpace) -> Int
}

/// How much a functional's file holds, which bounds the sizes that it may ask for.
public struct StoredNumbers: Hashable, Sendable {
    /// All tensors.
    public var tensors: Int
    /// The elements of all tensors.
    public var elements: Int

    /// Checks a size: a length of stored tensors, or one so small that it does no harm without.
    public func check(_ size: Int, _ setting: String) throws {
        try InvalidSetting.check((1...max(elements, 1 << 16)).contains(size), setting)
    }

    /// Checks how many hidden layers there are, and how wide they are.
    public func check(hiddenWidths: [Int], _ setting: String) throws {
        try InvalidSetting.check(hiddenWidths.count <= tensors, setting)
        for width in hiddenWidths { try check(width, setting) }
    }
}

/// A setting in a functional's file that no functional can have.
public struct InvalidSetting: Error, Hashable, CustomStringConvertible {
    public let setting: String

    public init(_ setting: String) { self.setting = setting }

    public var description: String { "'\(setting)' is out of range" }

    /// - Throws: `InvalidSetting` where the setting is not valid.
    public static func check(_ isValid: Bool, _ setting: String) throws {
        if !isValid { throw InvalidSetting(setting) }
    }

    /// Checks the probability that something is dropped.
    public static func check(rate: Double, _ setting: String) throws { try check((0..<1).contains(rate), setting) }
}
