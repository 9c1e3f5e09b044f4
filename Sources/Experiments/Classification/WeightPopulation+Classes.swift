internal import Foundation
internal import WeightSpaces
internal import Zoo

extension WeightPopulation {
    /// The networks of a zoo that have a class, whose number is their target.
    ///
    /// Where the zoo stores a split it holds; a part of what it trains on is validated on where it says nothing of that.
    ///
    /// - Parameter split: nil where all networks are to report on.
    /// - Throws: as ``init(_:target:where:split:)``.
    init(_ zoo: Zoo, classes: ClassLabels, split: Split.Description?) throws {
        let numbers = classes.classes.indices.filter { classes.classes[$0] != nil }
        let sides = try zoo.values(of: "split")
        let all = try zoo.groups(by: zoo.kinship)
        let runs = numbers.map { all[$0] }
        try self.init(
            zoo, networks: numbers, targets: classes.classes.compactMap { $0.map(Double.init) }, runs: runs,
            split: split?.split(groups: runs, stored: numbers.map { sides[$0] }) ?? Split(testing: numbers.count),
            hasAllSides: split != nil)
    }
}

extension Split {
    /// All of so many networks are to report on.
    init(testing count: Int) { self.init(train: [], validation: [], test: Array(0..<count)) }
}

extension Split.Description {
    /// The split that is stored, with what it leaves open, or else that which is described.
    ///
    /// - Input: for each network what it belongs to, and its stored side.
    /// - Throws: `SplitError`.
    func split(groups: [Int], stored sides: [ZooValue]) throws -> Split {
        let testGroups: Split.TestGroups = testsLast ? .last : .random
        if sides.allSatisfy({ $0 == .none }) {
            return try Split(
                groups: groups, validation: .fraction(validation), test: .fraction(test), testGroups: testGroups,
                seed: seed)
        }
        let stored = Split(sides: sides)
        if !stored.validation.isEmpty, !stored.test.isEmpty { return stored }
        let rest = try Split(
            groups: stored.train.map { groups[$0] }, validation: .fraction(stored.validation.isEmpty ? validation : 0),
            test: .fraction(stored.test.isEmpty ? test : 0), testGroups: testGroups, seed: seed)
        return Split(
            train: rest.train.map { stored.train[$0] },
            validation: stored.validation.isEmpty ? rest.validation.map { stored.train[$0] } : stored.validation,
            test: stored.test.isEmpty ? rest.test.map { stored.train[$0] } : stored.test)
    }
}
