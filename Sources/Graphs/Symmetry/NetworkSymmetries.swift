import Foundation
public import Torch
public import WeightSpaces

/// The permutations of a network's neurons that leave its function alone, derived from its graph.
public struct NetworkSymmetries: Sendable {
    /// Positions along an axis of a parameter that nothing may permute, and why.
    public struct FixedAxis: Hashable, Sendable {
        /// The parameter's name.
        public var parameter: String
        /// The number of the stored axis.
        public var axis: Int
        /// Which of its positions.
        public var range: Range<Int>
        /// Why, in a few words.
        public var reason: String
    }

    /// The permutation groups, and the parameters that they permute, in the order in which the network reads them.
    public private(set) var space: WeightSpace
    /// What no group permutes.
    public let fixedAxes: [FixedAxis]
    /// Operators that made axes fixed because no rule covers them, each with the reason.
    public let unknownOperators: [String: String]
    /// Nodes that made axes fixed because their rule could not be followed, each with the reason: shapes that do not fit
    /// together, or depend on data.
    public let refusals: [String: String]
    /// For inputs of indices, from how many rows they select.
    public let indexBounds: [String: Int]
    /// For inputs that are compared with numbers, which those are: they may choose a branch.
    public let comparands: [String: [Int]]
    /// Parameters of the file that no operator reads.
    public let unreadParameters: [String]

    /// Derives the symmetries of a network.
    ///
    /// The groups are products of symmetric groups. Whatever cannot be expressed so, or is not understood, makes them
    /// smaller, never wrong.
    ///
    /// - Parameters:
    ///   - shapes: the shapes of the graph's inputs.
    ///   - literal: reads the elements of a stored parameter that decides about shapes, such as a scale of `Resize`.
    /// - Throws: ``GraphError`` when the graph reads what nothing writes.
    public init(
        of graph: Graph, shapes: [String: [Int]], literal: @escaping (CheckpointEntry) throws -> Tensor? = { _ in nil }
    ) throws {
        try self.init(of: graph, shapes: shapes, constraints: [], literal: literal)
    }

    /// Derives the symmetries of a network, as far as they fulfil constraints.
    init(
        of graph: Graph, shapes: [String: [Int]], constraints: [AxisConstraint],
        literal: @escaping (CheckpointEntry) throws -> Tensor?
    ) throws {
        func walk(_ labelling: Labelling) throws -> SymmetryPass {
            try SymmetryPass(graph, shapes: shapes, labelling: labelling, constraints: constraints, literal: literal)
        }
        var labelling = Labelling()
        var pass = try walk(labelling)
        for _ in 0..<8 {
            let divisions = labelling.divisions.merging(pass.labelling.wantedDivisions) { first, _ in first }
            let stacks = labelling.stacks.union(pass.labelling.wantedStacks)
            if divisions == labelling.divisions, stacks == labelling.stacks { break }
            labelling = Labelling(divisions: divisions, stacks: stacks)
            pass = try walk(labelling)
        }
        var builder = BlockBuilder(labelling: pass.labelling, parameters: Array(pass.parameters.values))
        for (entry, node) in pass.order {
            guard let value = pass.parameters[entry.name], entry.shape.allSatisfy({ $0 > 0 }) else { continue }
            builder.add(entry, value, readBy: node)
        }
        space = try WeightSpace(groups: builder.groups, blocks: builder.blocks)
        fixedAxes = builder.fixedAxes
        unknownOperators = pass.unknown
        refusals = pass.refusals
        indexBounds = pass.labelling.bounds
        comparands = pass.labelling.comparands.mapValues { $0.sorted() }
        unreadParameters = graph.parameters.map(\.name).filter { pass.parameters[$0] == nil }
    }
}

extension NetworkSymmetries {
    /// The same findings with other groups, to put those to the test.
    public func replacing(space: WeightSpace) -> NetworkSymmetries {
        var result = self
        result.space = space
        return result
    }
}

extension WeightSpace {
    /// The decimal logarithm of the number of permutations in the symmetry group, `Σ log₁₀ n_g!`.
    public var logarithmicOrder: Double {
        groups.filter { !$0.isOrdered }.reduce(0) { $0 + lgamma(Double($1.size) + 1) / log(10) }
    }

    /// The share of the weights that some permutation moves: those along an axis with a group of several neurons that
    /// are in no order.
    public var permutedShare: Double {
        let moving = Set(groups.indices.filter { groups[$0].size > 1 && !groups[$0].isOrdered })
        let permuted = blocks.filter { !moving.isDisjoint(with: $0.groups) }.reduce(0) { $0 + $1.count }
        return parameterCount == 0 ? 0 : Double(permuted) / Double(parameterCount)
    }
}
