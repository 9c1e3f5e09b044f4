import WeightSpaces

/// The families of architectures that are recognized by the names and shapes of their parameters.
enum Families {
    private static let all: [any Family.Type] = [
        ResNet.self, VGG.self, BERT.self, GPT2.self, VisionTransformer.self, Llama.self,
    ]

    /// Those whose files say how they compute.
    private static let described: [any DescribedFamily.Type] = [WildParkCNN.self, SineNetwork.self]

    /// What training frameworks put in front of all names of a model that they wrap.
    private static let wrappers = ["module.", "_orig_mod.", "model.", "backbone."]

    /// How the network computes that a checkpoint holds the weights of: as a family does, which is then given, or as a
    /// plain ``Chain``, with what is assumed.
    ///
    /// A family writes only what the network computes; the symmetries are derived from that. All parameters must have a
    /// place in it, and fit there.
    ///
    /// - Throws: ``FamilyError`` when it is of no family, or the names leave open how it computes.
    static func reading(of checkpoint: any Checkpoint, stating facts: StatedFacts) throws -> Reading {
        guard !checkpoint.entries.isEmpty else {
            throw FamilyError.unrecognized(file: checkpoint.url.relativePath, reason: "it holds no tensors")
        }
        let description = try description(in: checkpoint)
        for prefix in prefixes(of: checkpoint.entries.map(\.name)) {
            let builder = { GraphBuilder(checkpoint, family: $0, prefix: prefix) }
            if let (family, configuration) = description,
                family.names(builder(family.name), fit: configuration)
            {
                let graph = try family.graph(builder(family.name), configuration)
                return Reading(graph: graph, source: .family(family.name))
            }
            let shapes = Dictionary(
                checkpoint.entries.map { (String($0.name.dropFirst(prefix.count)), $0.shape) }
            ) { first, _ in first }
            for family in all where family.isFamily(shapes) {
                return Reading(graph: try family.graph(builder(family.name)), source: .family(family.name))
            }
        }
        return try Chain.reading(GraphBuilder(checkpoint, family: Chain.name), stating: facts)
    }

    /// Whether a checkpoint itself says how its network computes, which others of the same names may do otherwise.
    static func isDescribed(_ checkpoint: any Checkpoint) throws -> Bool {
        try checkpoint is ONNXFile || description(in: checkpoint) != nil
    }

    /// What a checkpoint says of itself, and the family that it says it in.
    private static func description(
        in checkpoint: any Checkpoint
    ) throws -> (family: any DescribedFamily.Type, configuration: Configuration)? {
        for family in described {
            if let configuration = try family.configuration(in: checkpoint) { return (family, configuration) }
        }
        return nil
    }

    /// What wrappers may have put in front of all names: nothing first, then one word more and one more.
    private static func prefixes(of names: [String]) -> [String] {
        var prefixes = [""]
        while prefixes.count < 8, let last = prefixes.last,
            let next = wrappers.first(where: { word in names.allSatisfy { $0.hasPrefix(last + word) } })
        {
            prefixes.append(last + next)
        }
        return prefixes
    }
}

/// Architectures that share their parameters' names.
protocol Family: Sendable {
    /// What networks of the family are called, with an article.
    static var name: String { get }

    /// Whether parameters of these names and shapes are those of such a network, as far as the most telling ones say.
    static func isFamily(_ shapes: [String: [Int]]) -> Bool

    /// Writes what the network computes.
    ///
    /// - Throws: ``FamilyError`` when parameters are missing, left over or of other shapes, or leave something open.
    static func graph(_ builder: GraphBuilder) throws -> Graph
}

extension Family {
    /// What stands before `ending` in the name of a parameter, if that is one of `prefixes`.
    static func prefix(_ prefixes: [String], before ending: String, in shapes: [String: [Int]]) -> String? {
        prefixes.first { shapes[$0 + ending] != nil }
    }
}
