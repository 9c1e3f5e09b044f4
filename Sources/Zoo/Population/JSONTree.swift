/// A JSON document of unknown structure, for finding where two documents differ.
package indirect enum JSONTree: Equatable, Decodable {
    case object([String: JSONTree])
    case array([JSONTree])
    case number(Double)
    case text(String)
    case truth(Bool)
    case null

    /// A place, as keys joined by dots, and what is there on either side.
    package struct Difference: Equatable {
        package let path: String
        package let first: String
        package let second: String
    }

    package init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        if container.decodeNil() {
            self = .null
        } else if let members = try? container.decode([String: JSONTree].self) {
            self = .object(members)
        } else if let elements = try? container.decode([JSONTree].self) {
            self = .array(elements)
        } else if let truth = try? container.decode(Bool.self) {
            self = .truth(truth)
        } else if let number = try? container.decode(Double.self) {
            self = .number(number)
        } else {
            self = .text(try container.decode(String.self))
        }
    }

    /// The first place, by name, at which the documents differ.
    package func firstDifference(
        from other: JSONTree, at path: [String] = [], ignoring ignored: Set<String> = []
    ) -> Difference? {
        let name = path.joined(separator: ".")
        if self == other || ignored.contains(name) { return nil }
        guard case .object(let first) = members, case .object(let second) = other.members,
            isObject == other.isObject, isObject || Set(first.keys) == Set(second.keys)
        else { return Difference(path: name, first: text, second: other.text) }
        for key in Set(first.keys).union(second.keys).sorted() {
            let (mine, theirs) = (first[key] ?? .null, second[key] ?? .null)
            if let found = mine.firstDifference(from: theirs, at: path + [key], ignoring: ignored) { return found }
        }
        return nil
    }

    private var isObject: Bool { if case .object = self { true } else { false } }

    /// A list of objects as an object, with numbers for names.
    private var members: JSONTree {
        guard case .array(let elements) = self, elements.allSatisfy(\.isObject) else { return self }
        return .object(Dictionary(uniqueKeysWithValues: zip(elements.indices.map(String.init), elements)))
    }

    private var text: String {
        switch self {
        case .object: "an object"
        case .array(let elements): "[\(elements.map(\.text).joined(separator: ", "))]"
        case .number(let number): Int(exactly: number).map { "\($0)" } ?? "\(number)"
        case .text(let text): text
        case .truth(let truth): "\(truth)"
        case .null: "none"
        }
    }
}

extension DecodingError {
    /// What is wrong, and where, without the machinery around it.
    var oneLine: String {
        let (context, detail): (Context, String?) =
            switch self {
            case .typeMismatch(_, let context), .valueNotFound(_, let context), .dataCorrupted(let context):
                (context, nil)
            case .keyNotFound(let key, let context): (context, "expected \"\(key.stringValue)\"")
            @unknown default: (Context(codingPath: [], debugDescription: "unreadable"), nil)
            }
        let path = context.codingPath.map(\.stringValue).joined(separator: ".")
        return (path.isEmpty ? "" : "\(path): ") + (detail ?? context.debugDescription)
    }
}
