internal import Torch
internal import WeightSpaces
public import Zoo

extension WeightPopulation {
    /// Networks of a zoo that have a fact to predict.
    ///
    /// Facts with a few different texts, such as the activation, make subsets. How neurons may be scaled follows from the
    /// activation in the networks' definition, or else from the fact `activation`. Where the zoo stores a split it holds,
    /// otherwise runs, or images that several networks show, are split as described. Where all networks have one
    /// architecture, its long fixed axes are ordered groups: with parameters for every pixel that a perceptron reads, its
    /// functional would have billions.
    ///
    /// - Parameters:
    ///   - target: the fact, a number.
    ///   - condition: which networks, an expression in SQL.
    /// - Throws: `ZooError`, `SplitError`; ``TrainingError`` when no network has such a number or is on a side of the split,
    ///   or the stored split divides what belongs together; `WeightSpaceError` when weights are not finite; what
    ///   `WeightSpace.sharingFixedAxes(longerThan:)` throws.
    public init(_ zoo: Zoo, target: String, where condition: String?, split: Split.Description) throws {
        let name = zoo.folder.relativePath
        _ = try zoo.values(of: target)
        let finite = "\"\(target)\" BETWEEN -1.7976931348623157e308 AND 1.7976931348623157e308"
        let filter = ["typeof(\"\(target)\") IN ('integer', 'real') AND \(finite)", condition.map { "(\($0)\n)" }]
            .compactMap(\.self).joined(separator: " AND ")
        let table = try zoo.select(where: filter)
        let numbers = table["network", default: []].compactMap(\.integer)
        if numbers.isEmpty { throw TrainingError.noTargets(zoo: name, fact: target) }
        let targets = table[target, default: []].compactMap(\.number)
        try Self.requireComputable(targets, of: numbers, zoo: name, fact: target)
        let kinship = try zoo.kinship
        let all = try zoo.groups(by: kinship)
        let runs = numbers.map { all[$0] }
        let sides = table["split", default: []]
        let split =
            sides.contains { $0 != .none }
            ? Split(sides: sides)
            : try Split(
                groups: runs, validation: .fraction(split.validation), test: .fraction(split.test), seed: split.seed)
        try self.init(zoo, networks: numbers, targets: targets, runs: runs, split: split)
    }

    /// Some networks of a zoo, with the number to predict of each, and what each belongs to.
    ///
    /// - Throws: as ``init(_:target:where:split:)``.
    init(
        _ zoo: Zoo, networks numbers: [Int], targets: [Double], runs: [Int], split: Split, hasAllSides: Bool = true
    ) throws {
        let name = zoo.folder.relativePath
        let chosen = Set(numbers)
        let facts = try zoo.select()
        let table = ZooTable(
            columns: facts.columns, rows: facts.rows.enumerated().filter { chosen.contains($0.offset) }.map(\.element))
        let members = Dictionary(grouping: numbers.indices) { zoo.architecture(of: numbers[$0]).space }
        let stacks = try members.sorted { $0.value[0] < $1.value[0] }.map { space, places in
            let parameters = zoo.parameters(at: places.map { numbers[$0] })
            guard parameters.allSatisfy(\.isFinite) else { throw WeightSpaceError.notFinite(name) }
            let read = members.count == 1 ? try space.sharingFixedAxes() : space
            return Stack(read, networks: places, parameters: parameters)
        }
        for (side, networks) in [
            ("training", split.train), ("validation", split.validation), ("the test", split.test),
        ] where hasAllSides && networks.isEmpty { throw TrainingError.emptySide(zoo: name, side: side) }
        if split.divides(runs) { throw TrainingError.dividedSplit(zoo: name, fact: try zoo.kinship) }
        self.init(
            stacks, targets: targets, runs: runs,
            origins: numbers, subsets: Self.subsets(of: table),
            scalings: Self.scalings(of: stacks, numbers, table, in: zoo), split: split)
    }

    /// Numbers beyond these cannot be added and subtracted without loss.
    private static let largest = 1e300

    private static func requireComputable(
        _ targets: [Double], of networks: [Int], zoo: String, fact: String
    ) throws(TrainingError) {
        guard let worst = targets.indices.max(by: { targets[$0].magnitude < targets[$1].magnitude }),
            targets[worst].magnitude > largest
        else { return }
        throw .extremeTarget(zoo: zoo, fact: fact, network: networks[worst], value: targets[worst])
    }

    /// Networks whose neurons may be scaled, by the structure of their factors.
    private static func scalings(
        of stacks: [Stack], _ numbers: [Int], _ table: ZooTable, in zoo: Zoo
    ) -> [ScalingStructure: [Int]] {
        let facts = table["activation"]
        var scalings: [ScalingStructure: [Int]] = [:]
        for stack in stacks {
            let networks = Dictionary(grouping: stack.networks) { row -> NeuronScaling? in
                if let known = zoo.architecture(of: numbers[row]).hiddenActivation { return .init(activation: known) }
                guard case .text(let stated)? = facts?[row] else { return nil }
                return .init(activation: stated)
            }
            for case (let scaling?, let rows) in networks {
                if let structure = try? ScalingStructure(of: stack.space, hiddenNeurons: scaling) {
                    scalings[structure] = rows
                }
            }
        }
        return scalings
    }

    /// Networks that share a text, for each fact with two to eight of them.
    private static func subsets(of table: ZooTable) -> [String: [Int]] {
        var subsets: [String: [Int]] = [:]
        for column in table.columns where column != "split" && column != "architecture" {
            let values = table[column, default: []]
            let groups = Dictionary(grouping: values.indices) { values[$0] }
            guard (2...8).contains(groups.count) else { continue }
            for (value, networks) in groups {
                if case .text(let text) = value { subsets["\(column) \(text)"] = networks }
            }
        }
        return subsets
    }
}
