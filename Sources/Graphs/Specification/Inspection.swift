public import FoundationEssentials
public import WeightSpaces

/// What can be said about a network's file: its parameters, their permutation groups, and what is fixed and why.
public struct Inspection: Sendable {
    /// The weights.
    public let checkpoint: any Checkpoint
    /// The groups; none where the file does not say how the network computes.
    public let space: WeightSpace
    /// What the derivation found besides.
    public let symmetries: NetworkSymmetries?
    /// Where the graph comes from, if there is one.
    public let source: GraphSource?
    /// What the file leaves open about how the network computes, and how many groups there would be if it did not.
    public let assumptions: [(assumption: Assumption, groupsIfStated: Int)]
    /// Why there are no groups.
    public let problem: String?
    /// The shapes of the network's inputs, by name; none where the file does not say how the network computes.
    public let inputShapes: [String: [Int]]

    /// Reads a file and derives its symmetries.
    ///
    /// - Parameters:
    ///   - shapes: shapes of inputs, in place of what the file says.
    ///   - facts: what is known of the network, should its file not say it.
    /// - Throws: what opening the file throws; a network that is not recognized is a ``problem``, not an error.
    public init(of url: URL, shapes: [String: [Int]] = [:], stating facts: StatedFacts = StatedFacts()) throws {
        do {
            let network = try Network(url, shapes: shapes, stating: facts)
            let symmetries = try network.symmetries()
            assumptions = try network.assumptions.map { assumption in
                let stated = assumption.isOpen ? try network.symmetries(answering: assumption.subject) : symmetries
                return (assumption, stated.space.groups.count)
            }
            source = network.source
            (checkpoint, space, self.symmetries, problem) = (network.checkpoint, symmetries.space, symmetries, nil)
            inputShapes = network.inputShapes
        } catch let error as FamilyError {
            checkpoint = try Network.checkpoint(at: url)
            space = try WeightSpace(groups: [], blocks: checkpoint.entries.compactMap(\.fixedBlock))
            (symmetries, source, assumptions, problem) = (nil, nil, [], "\(error)")
            inputShapes = [:]
        }
    }
}

extension Inspection {
    /// The axes that carry each group: the numbers of the block and of its axis.
    public var carriers: [[(block: Int, axis: Int)]] {
        var result = space.groups.map { _ in [(block: Int, axis: Int)]() }
        for (number, block) in space.blocks.enumerated() {
            for (axis, label) in block.axes.enumerated() {
                if let group = label.group { result[group].append((number, axis)) }
            }
        }
        return result
    }

    /// The findings as a JSON document; its format is described in `Documentation/inspection-format.md`.
    public func json() throws -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
        return String(decoding: try encoder.encode(Document(self)), as: UTF8.self)
    }

    private struct Document: Encodable {
        struct Group: Encodable {
            var name: String
            var size: Int
            var axes: [Carrier]
        }

        struct Carrier: Encodable {
            var block: Int
            var axis: Int
        }

        struct Block: Encodable {
            var parameter: String
            var dtype: String?
            var shape: [Int]
            var slice: Slice?
            var view: [Int]
            var axes: [Axis]
        }

        struct Slice: Encodable {
            var of: [Int]
            var ranges: [[Int]]
        }

        struct Axis: Encodable {
            var size: Int
            var group: String?
        }

        struct Fixed: Encodable {
            var parameter: String
            var axis: Int
            var range: [Int]
            var reason: String
        }

        struct Supposition: Encodable {
            var subject: String
            var statement: String
            var layers: [String]
            var isOpen: Bool
            var groupsIfStated: Int
        }

        var version = 1
        var file: String
        var weights: Int
        var inputs: [String: [Int]]
        var groups: [Group]
        var blocks: [Block]
        var fixed: [Fixed]
        var operatorsWithoutRule: [String: String]
        var rulesNotFollowed: [String: String]
        var unreadParameters: [String]
        var passedOver: [String: String]
        var log10Order: Double
        var permutedShare: Double
        var graph: String?
        var family: String?
        var assumptions: [Supposition]
        var problem: String?

        init(_ inspection: Inspection) {
            let space = inspection.space
            file = inspection.checkpoint.url.relativePath
            weights = space.parameterCount
            inputs = inspection.inputShapes
            groups = zip(space.groups, inspection.carriers).map { group, carriers in
                Group(
                    name: group.name, size: group.size,
                    axes: carriers.map { Carrier(block: $0.block, axis: $0.axis) })
            }
            blocks = space.blocks.map { block in
                let sizes = space.axisSizes(of: block)
                return Block(
                    parameter: block.parameter, dtype: inspection.checkpoint[block.parameter]?.dtype.rawValue,
                    shape: block.shape,
                    slice: block.slice.map { slice in
                        Slice(of: slice.shape, ranges: slice.ranges.map { [$0.lowerBound, $0.upperBound] })
                    },
                    view: sizes,
                    axes: zip(block.axes, sizes).map { axis, size in
                        Axis(size: size, group: axis.group.map { space.groups[$0].name })
                    })
            }
            fixed = (inspection.symmetries?.fixedAxes ?? []).map {
                Fixed(
                    parameter: $0.parameter, axis: $0.axis, range: [$0.range.lowerBound, $0.range.upperBound],
                    reason: $0.reason)
            }
            operatorsWithoutRule = inspection.symmetries?.unknownOperators ?? [:]
            rulesNotFollowed = inspection.symmetries?.refusals ?? [:]
            unreadParameters = inspection.symmetries?.unreadParameters ?? []
            passedOver = inspection.checkpoint.passedOver
            log10Order = space.logarithmicOrder
            permutedShare = space.permutedShare
            graph = inspection.source?.kind
            if case .family(let name) = inspection.source { family = name }
            assumptions = inspection.assumptions.map { assumption, groups in
                Supposition(
                    subject: assumption.subject.rawValue, statement: assumption.statement, layers: assumption.layers,
                    isOpen: assumption.isOpen, groupsIfStated: groups)
            }
            problem = inspection.problem
        }
    }
}
