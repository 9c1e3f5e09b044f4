import WeightSpaces

/// The families of architectures that are recognized by the names and shapes of their parameters.
enum Families {
    /// All families; the plain chain is last, because it says best what is strange about a file.
    private static let all: [any Family.Type] = [
        ResNet.self, VGG.self, BERT.self, GPT2.self, VisionTransformer.self, Llama.self, Chain.self,
    ]

    /// The graph of the network that a checkpoint holds the weights of.
    ///
    /// A family writes only what the network computes; the symmetries are derived from that. All parameters must have a
    /// place in it, and fit there.
    ///
    /// - Throws: ``FamilyError`` when it is of no family, or the names leave open how it computes.
    static func graph(of checkpoint: any Checkpoint) throws -> Graph {
        let shapes = Dictionary(checkpoint.entries.map { ($0.name, $0.shape) }) { first, _ in first }
        for family in all where family.isFamily(shapes) {
            return try family.graph(GraphBuilder(checkpoint, family: family.name))
        }
        throw FamilyError.unrecognized(file: checkpoint.url.relativePath, reason: "it holds no tensors")
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
