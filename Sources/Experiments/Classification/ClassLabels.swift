public import Zoo

/// The classes that a fact tells networks apart by: whole numbers or texts.
public struct ClassLabels: Hashable, Sendable {
    /// What the classes are called, numbers before texts, in ascending order.
    public let names: [String]
    /// The class of each of a zoo's networks, nil where the fact is missing.
    public let classes: [Int?]

    /// What could still be a class and not a measurement.
    private static let most = 10_000

    /// The classes of a zoo's networks.
    ///
    /// - Parameter known: the names of the classes that a run tells apart, where it was begun before.
    /// - Throws: `ZooError` when there is no such fact; ``TrainingError`` when it does not tell classes apart.
    public init(_ fact: String, of zoo: Zoo, among known: [String]? = nil) throws {
        let folder = zoo.folder.relativePath
        if try !zoo.facts.contains(fact) { throw TrainingError.noLabels(zoo: folder, fact: fact) }
        let values = try zoo.values(of: fact).map(Self.whole)
        if let number = values.lazy.compactMap({ if case .real(let number) = $0 { number } else { nil } }).first {
            throw TrainingError.noClasses(zoo: folder, fact: fact, found: "the number \(number)")
        }
        let found = Set(values.filter { $0 != .none })
        guard found.count <= Self.most else {
            throw TrainingError.noClasses(zoo: folder, fact: fact, found: "\(found.count) different values")
        }
        if found.isEmpty { throw TrainingError.noLabels(zoo: folder, fact: fact) }
        let numbers = found.compactMap(\.integer).sorted().map { "\($0)" }
        let names = known ?? numbers + found.filter { $0.integer == nil }.map(\.description).sorted()
        let places = Dictionary(zip(names, names.indices)) { first, _ in first }
        if let other = found.map(\.description).sorted().first(where: { places[$0] == nil }) {
            throw TrainingError.unknownClass(zoo: folder, fact: fact, found: other, known: names)
        }
        self.names = names
        classes = values.map { $0 == .none ? nil : places[$0.description] }
    }

    /// `0`, `1`, … up to the largest whole number of a fact: the classes of a run that does not name them.
    ///
    /// - Throws: `ZooError`.
    public static func numbered(_ fact: String, of zoo: Zoo) throws -> [String]? {
        guard try zoo.facts.contains(fact), let largest = try zoo.values(of: fact).compactMap(\.integer).max(),
            (0..<most).contains(largest)
        else { return nil }
        return (0...largest).map(String.init)
    }

    /// Whole numbers, however they were stored.
    private static func whole(_ value: ZooValue) -> ZooValue {
        if case .real(let number) = value, let whole = Int(exactly: number) { .integer(whole) } else { value }
    }
}
