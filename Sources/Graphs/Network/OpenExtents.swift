import Torch
import WeightSpaces

/// Extents for what a file leaves open, such that the shapes in its graph fit together.
///
/// Where the graph does not care, as in front of a pooling over all places, extents are small: one for the first axis of
/// an input and everything that the file calls alike, ``Network/openExtent`` otherwise. Where it does, as in front of a
/// flatten and a dense layer of known size, extents are sought that fit: first one number for all of them, then each on
/// its own.
struct OpenExtents {
    /// An extent that the file leaves open, or several that it gives one name.
    private struct Unknown {
        var places: [(input: String, axis: Int)]
        /// Whether it is the first axis of an input: a number of samples.
        var isBatch: Bool { places.contains { $0.axis == 0 } }
    }

    /// The shapes of the inputs.
    var shapes: [String: [Int]] { shapes(with: extents) }
    /// Where these shapes do not fit together, if they do not.
    private(set) var misfit: Misfit?

    private let graph: Graph
    private let given: [String: [Int]]
    private let unknowns: [Unknown]
    private var extents: [Int]

    /// With more nodes, few numbers are tried.
    private static let fewNodes = 400

    /// Finds the open extents of a graph's inputs.
    ///
    /// - Parameter given: the shapes of inputs that are known.
    init(of graph: Graph, given: [String: [Int]]) {
        self.graph = graph
        self.given = given
        var unknowns: [Unknown] = []
        var numbers: [String: Int] = [:]
        var known: [Int: Int] = [:]
        for input in graph.inputs {
            for axis in input.shape.indices where input.shape[axis] == nil {
                let name = input.openExtents[axis]
                let unknown = name.flatMap { numbers[$0] } ?? unknowns.count
                if unknown == unknowns.count { unknowns.append(Unknown(places: [])) }
                if let name { numbers[name] = unknown }
                unknowns[unknown].places.append((input.name, axis))
                if let shape = given[input.name], axis < shape.count { known[unknown] = shape[axis] }
            }
        }
        self.unknowns = unknowns
        extents = unknowns.enumerated().map { known[$0] ?? ($1.isBatch ? 1 : Network.openExtent) }
        free = unknowns.indices.filter { known[$0] == nil }
    }

    /// The unknowns that no given shape decides.
    private let free: [Int]

    /// Replaces small extents by others where the graph needs them.
    ///
    /// - Parameter literal: the elements of a stored parameter.
    mutating func solve(literal: @escaping (CheckpointEntry) throws -> Tensor?) throws {
        if free.isEmpty { return }
        misfit = try misfit(with: extents, literal)
        let places = free.filter { !unknowns[$0].isBatch }
        let alone = (places.count > 1 ? places : []) + free.filter { unknowns[$0].isBatch }
        for some in [places] + alone.map({ [$0] }) where !some.isEmpty {
            guard let current = misfit else { return }
            let before = self
            func candidate(_ extent: Int) -> [Int] {
                before.extents.enumerated().map { some.contains($0) ? extent : $1 }
            }
            var search = ExtentSearch(isThorough: graph.nodes.count <= Self.fewNodes) {
                try before.misfit(with: candidate($0), literal)
            }
            if let extent = try search.fit() {
                (extents, misfit) = (candidate(extent), nil)
            } else if let (extent, further) = search.furthest, further.position > current.position {
                (extents, misfit) = (candidate(extent), further)
            }
        }
    }

    private func misfit(with extents: [Int], _ literal: @escaping (CheckpointEntry) throws -> Tensor?) throws -> Misfit?
    {
        try SymmetryPass(
            graph, shapes: shapes(with: extents), labelling: Labelling(), stopsAtMisfit: true, literal: literal
        ).misfit
    }

    private func shapes(with extents: [Int]) -> [String: [Int]] {
        var result = Dictionary(graph.inputs.map { ($0.name, $0.shape.map { $0 ?? 1 }) }) { first, _ in first }
        for (unknown, extent) in zip(unknowns, extents) {
            for (input, axis) in unknown.places { result[input]?[axis] = extent }
        }
        return result.merging(given) { $1 }
    }
}
