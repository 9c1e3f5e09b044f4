import WeightSpaces

/// Networks that a description inside their files tells how they compute.
protocol DescribedFamily: Sendable {
    /// What networks of the family are called, with an article.
    static var name: String { get }

    /// What a checkpoint says of such a network, if it does.
    ///
    /// - Throws: ``FamilyError`` where it is no sound description; `FormatError` when what stands beside the tensors takes
    ///   much more memory than the file.
    static func configuration(in checkpoint: any Checkpoint) throws -> Configuration?

    /// Whether the builder's parameters have the names of such a network, as far as the first one says.
    static func names(_ builder: GraphBuilder, fit configuration: Configuration) -> Bool

    /// Writes what the network computes.
    ///
    /// - Throws: ``FamilyError`` where parameters and configuration do not fit.
    static func graph(_ builder: GraphBuilder, _ configuration: Configuration) throws -> Graph
}
