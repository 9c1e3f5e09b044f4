/// What people say about a network whose file does not say how it computes.
///
/// What is stated is taken as given; it says nothing about networks whose files hold a graph.
public struct StatedFacts: Hashable, Sendable, Codable {
    /// In which order a dense layer reads the channels of a convolution at several positions.
    public enum FlattenOrder: String, CaseIterable, Sendable, Codable {
        /// All positions of the first channel, then those of the second: `[channels, positions]`.
        case channelsFirst = "channels-first"
        /// All channels at the first position, then those at the second: `[positions, channels]`.
        case channelsLast = "channels-last"
    }

    /// Whether the layers run one after the other, with nothing beside them or between that tells neurons apart.
    public var isChain = false
    /// How features are flattened, if that is stated.
    public var flatten: FlattenOrder?
    /// Whether normalizations with scales and shifts alone are over all neurons of a layer, not over groups of them.
    public var normalizesLayers = false

    /// Nothing is stated.
    public init() {}

    /// What is not in a stored description is not stated.
    public init(from decoder: any Decoder) throws {
        let values = try decoder.container(keyedBy: CodingKeys.self)
        isChain = try values.decodeIfPresent(Bool.self, forKey: .isChain) ?? false
        flatten = try values.decodeIfPresent(FlattenOrder.self, forKey: .flatten)
        normalizesLayers = try values.decodeIfPresent(Bool.self, forKey: .normalizesLayers) ?? false
    }
}
