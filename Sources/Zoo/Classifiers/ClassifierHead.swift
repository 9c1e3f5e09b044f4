/// How a classifier's dense layers read the map of its last convolution.
public enum ClassifierHead: String, Codable, CaseIterable, Sendable {
    /// The mean of each channel over all positions.
    case pool
    /// Every position of every channel in a row, the channel slowest, as PyTorch's `flatten` has it.
    case flatten
}

// A description of before there was a choice has no head; one that pools still has none, so that both are the same text.

extension KeyedDecodingContainer {
    func decode(_: ClassifierHead.Type, forKey key: Key) throws -> ClassifierHead {
        try decodeIfPresent(ClassifierHead.self, forKey: key) ?? .pool
    }
}

extension KeyedEncodingContainer {
    mutating func encode(_ head: ClassifierHead, forKey key: Key) throws {
        if head != .pool { try encodeIfPresent(head, forKey: key) }
    }
}
