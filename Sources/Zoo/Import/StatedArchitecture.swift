internal import Foundation
internal import Graphs
internal import WeightSpaces

/// What a safetensors file's metadata says about the architecture: `architecture` is its kind, what is kept under the kind
/// its definition, `name` and `space` serve where no definition is known here.
enum StatedArchitecture {
    /// The architecture, if the metadata state one.
    ///
    /// - Throws: ``ImportError`` when the definition makes no sense.
    static func read(_ metadata: [String: String], file: String) throws -> NetworkArchitecture? {
        guard let kind = metadata["architecture"] else { return nil }
        let definition = metadata[kind] ?? ""
        func decode<Value: Decodable>(_ text: String) throws -> Value {
            do {
                return try JSONDecoder().decode(Value.self, from: Data(text.utf8))
            } catch let error as DecodingError {
                throw malformed(error.oneLine)
            }
        }
        func malformed(_ found: String) -> ImportError {
            .malformed(file: file, expected: "a sound architecture in its metadata", found: found)
        }
        do {
            switch kind {
            case SIREN.kind: return try NetworkArchitecture(decode(definition) as SIREN)
            case ClassifierArchitecture.kind:
                return try NetworkArchitecture(decode(definition) as ClassifierArchitecture)
            default:
                guard let name = metadata["name"], let space = metadata["space"] else { return nil }
                return NetworkArchitecture(name: name, kind: kind, definition: definition, space: try decode(space))
            }
        } catch let error as WeightSpaceError {
            throw malformed("\(error)")
        }
    }

    static func write(_ architecture: NetworkArchitecture) throws -> [String: String] {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        var metadata = [
            "architecture": architecture.kind, "name": architecture.name,
            "space": String(decoding: try encoder.encode(architecture.space), as: UTF8.self),
        ]
        if !architecture.definition.isEmpty { metadata[architecture.kind] = architecture.definition }
        return metadata
    }
}

extension NetworkArchitecture {
    /// Networks that came from elsewhere, of which no more is known than their parameters and symmetries, and what was
    /// assumed.
    init(imported space: WeightSpace, _ assumptions: [Assumption] = []) {
        self.init(name: "", kind: "imported", definition: Self.definition(of: assumptions), space: space)
        let weights = parameters.map(\.shape).filter { $0.count > 1 }
        let shapes = weights.prefix(6).map { $0.map(String.init).joined(separator: "×") }
        let rest = weights.count > shapes.count ? " … (\(weights.count))" : ""
        self.init(
            name: "imported \(shapes.joined(separator: " "))\(rest)", kind: kind, definition: definition, space: space)
    }

    /// What an import noted, as JSON; empty where everything was given.
    private static func definition(of assumptions: [Assumption]) -> String {
        guard !assumptions.isEmpty else { return "" }
        let notes = assumptions.map { ($0.isOpen ? "left open: " : "assumed: ") + $0.statement }
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        return (try? encoder.encode(["assumptions": notes])).map { String(decoding: $0, as: UTF8.self) } ?? ""
    }

    /// What was assumed of the networks when they were imported, as sentences.
    public var assumptions: [String] {
        guard kind == "imported" else { return [] }
        let notes = try? JSONDecoder().decode([String: [String]].self, from: Data(definition.utf8))
        return notes?["assumptions"] ?? []
    }
}
