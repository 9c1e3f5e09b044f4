internal import Foundation
public import WeightSpaces

/// What networks of one shape have in common.
public struct NetworkArchitecture: Hashable, Sendable {
    /// For people: `siren 2-32-32-1`.
    public let name: String
    /// What kind of definition there is.
    public let kind: String
    /// The definition as JSON, empty for networks that came from elsewhere.
    let definition: String
    /// The parameters and the symmetries of hidden neurons.
    public let space: WeightSpace
    /// The name of the function after every hidden layer, `sine` or `relu`, where a known definition tells.
    public private(set) var hiddenActivation: String?

    /// The architecture that a definition describes.
    public init(_ definition: some NetworkDefinition) throws {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        self.init(
            name: definition.name, kind: type(of: definition).kind,
            definition: String(decoding: try encoder.encode(definition), as: UTF8.self),
            space: try definition.weightSpace)
    }

    init(name: String, kind: String, definition: String, space: WeightSpace) {
        self.name = name
        self.kind = kind
        self.definition = definition
        self.space = space
        hiddenActivation =
            self.definition(as: SIREN.self) == nil
            ? self.definition(as: ClassifierArchitecture.self)?.activation.rawValue : "sine"
    }

    /// Each parameter's name and shape, once.
    public var parameters: [(name: String, shape: [Int])] { space.parameters }

    /// The definition, where it is of this kind.
    public func definition<Definition: NetworkDefinition>(as type: Definition.Type) -> Definition? {
        guard kind == Definition.kind else { return nil }
        return try? JSONDecoder().decode(Definition.self, from: Data(definition.utf8))
    }
}

/// A description from which a network's parameters, symmetries and function follow.
public protocol NetworkDefinition: Hashable, Codable, Sendable {
    /// One word for the family.
    static var kind: String { get }
    /// For people.
    var name: String { get }
    /// The parameters, with the symmetries of hidden neurons.
    var weightSpace: WeightSpace { get throws }
}
