public import FoundationEssentials
public import Torch
public import WeightSpaces

/// A network in a file: its weights, and how it computes with them.
public struct Network: Sendable {
    /// The weights.
    public let checkpoint: any Checkpoint
    /// How the network computes.
    public let graph: Graph
    /// Where the graph comes from.
    public let source: GraphSource
    /// What the file leaves open about how the network computes; empty where its graph is given: by the file, by a family
    /// that shares its names and a configuration, or by what was stated.
    public let assumptions: [Assumption]
    /// The shape of each input; extents that the file leaves open are small, or what the graph needs.
    public let inputShapes: [String: [Int]]
    /// Where these shapes do not fit together, if they do not.
    let misfit: Misfit?

    /// What stands for an extent that the file leaves open and the graph does not determine, such as a number of tokens.
    public static let openExtent = 8

    /// Opens the network at `url`.
    ///
    /// - Parameters:
    ///   - shapes: shapes of inputs, in place of what the file says.
    ///   - facts: what is known of the network, should its file not say it.
    /// - Throws: what opening the file throws; ``FamilyError`` when a file without a graph is of no known family;
    ///   ``GraphError`` when `shapes` name no input.
    public init(_ url: URL, shapes: [String: [Int]] = [:], stating facts: StatedFacts = StatedFacts()) throws {
        let checkpoint = try Self.checkpoint(at: url)
        let reading =
            try (checkpoint as? ONNXFile).map { Reading(graph: $0.graph, source: .file) }
            ?? Families.reading(of: checkpoint, stating: facts)
        let names = reading.graph.inputs.map(\.name)
        if let other = shapes.keys.sorted().first(where: { !names.contains($0) }) {
            throw GraphError.unknownInput(other, known: names)
        }
        var extents = OpenExtents(of: reading.graph, given: shapes)
        try extents.solve { try checkpoint.tensor($0) }
        self.init(checkpoint: checkpoint, reading, extents)
    }

    /// Opens the weights at `url`, in any format.
    ///
    /// - Throws: `FileError`; `FormatError` and ``ONNXError`` for what is no sound file of any format.
    public static func checkpoint(at url: URL) throws -> any Checkpoint {
        do {
            return try Checkpoints.open(url)
        } catch FormatError.unknownFormat(let file, let expected, let found) {
            do {
                return try ONNXFile(url)
            } catch ONNXError.undecodable {
                throw FormatError.unknownFormat(file: file, expected: "\(expected) or ONNX", found: found)
            } catch FileError.notRegular(file, _) {
                throw FormatError.unknownFormat(file: file, expected: expected, found: found)
            }
        }
    }

    /// Whether a file itself says how its network computes; another of the same names and shapes may then do otherwise.
    ///
    /// - Throws: `FormatError` when what stands beside its tensors takes much more memory than the file.
    public static func isDescribed(_ checkpoint: any Checkpoint) throws -> Bool { try Families.isDescribed(checkpoint) }

    /// A network made of weights and a graph that reads them, with small numbers for open extents.
    public init(checkpoint: any Checkpoint, graph: Graph, shapes: [String: [Int]] = [:]) {
        self.init(checkpoint: checkpoint, Reading(graph: graph, source: .file), OpenExtents(of: graph, given: shapes))
    }

    private init(checkpoint: any Checkpoint, _ reading: Reading, _ extents: OpenExtents) {
        self.checkpoint = checkpoint
        graph = reading.graph
        source = reading.source
        assumptions = reading.assumptions
        inputShapes = extents.shapes
        misfit = extents.misfit
    }

    /// Reports a network that has no weights.
    ///
    /// - Throws: ``GraphError/noWeights(file:)``
    public func requireWeights() throws(GraphError) {
        if graph.parameters.isEmpty { throw .noWeights(file: checkpoint.url.relativePath) }
    }

    /// Derives the permutations of neurons that leave the network's function alone, however open questions are answered.
    ///
    /// - Parameter subject: a question that does not count as open.
    public func symmetries(answering subject: Assumption.Subject? = nil) throws -> NetworkSymmetries {
        let constraints = assumptions.filter { $0.subject != subject }.flatMap(\.constraints)
        return try NetworkSymmetries(of: graph, shapes: inputShapes, constraints: constraints) {
            try checkpoint.tensor($0)
        }
    }

    /// All weights that the graph reads, by name.
    ///
    /// - Throws: `GraphError` when a weight has elements that nothing here computes with.
    public func parameters(_ dtype: DType) throws -> [String: Tensor] {
        var result: [String: Tensor] = [:]
        for entry in graph.parameters {
            guard let tensor = try checkpoint.tensor(entry) else {
                throw GraphError.computation(
                    node: "'\(entry.name)'", reason: "its elements are of type \(entry.dtype.rawValue)")
            }
            result[entry.name] = tensor.dtype.isFloatingPoint ? tensor.to(dtype) : tensor
        }
        return result
    }

    /// Random values for the network's inputs: normal numbers, and indices below what they select from, each another
    /// one as far as there are enough; where nothing is known of integers, ones.
    public func randomInputs(bounds: [String: Int], using random: inout RandomSource) -> [String: Tensor] {
        var result: [String: Tensor] = [:]
        for input in graph.inputs {
            let shape = inputShapes[input.name] ?? []
            let count = shape.reduce(1, *)
            switch input.dtype {
            case .float64, .float32, .float16, .bfloat16:
                result[input.name] = .normal(shape: shape, dtype: .float64, using: &random)
            case .bool:
                result[input.name] = .ones(shape, dtype: .bool)
            default:
                let indices = bounds[input.name].map { Self.varied(count, below: max(1, $0), using: &random) }
                result[input.name] = Tensor(indices ?? Array(repeating: 1, count: count), shape: shape)
            }
        }
        return result
    }

    /// Random indices, none of which comes again before all have come.
    private static func varied(_ count: Int, below bound: Int, using random: inout RandomSource) -> [Int64] {
        if bound > 1 << 20 { return (0..<count).map { _ in Int64.random(in: 0..<Int64(bound), using: &random) } }
        var result: [Int64] = []
        while result.count < count {
            result += (0..<Int64(bound)).shuffled(using: &random).prefix(count - result.count)
        }
        return result
    }
}
