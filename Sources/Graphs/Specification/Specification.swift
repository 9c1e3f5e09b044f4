public import FoundationEssentials
public import WeightSpaces
import Yams

/// A weight space as a small text that people can read and correct.
///
/// ```yaml
/// version: 1
/// groups:
///   "fc1": 128
/// parameters:
///   "fc1.weight": ["fc1", 784]
///   "qkv.weight":
///   - {ranges: [[0, 64], [0, 64]], axes: ["heads", 16, "residual"]}
/// ```
///
/// An axis is the name of a group or a number of fixed positions; successive axes make up a stored one. A slice has a
/// range per axis, of the parameter's shape or of the shape `of`. Parameters that are not mentioned are fixed.
public struct Specification: Sendable {
    /// The number of the format that is read and written.
    public static let version = 1

    private let document: Document
    private let file: String

    private struct Document: Codable, Sendable {
        var version: Int
        var groups: [String: Int]
        var parameters: [String: Parameter]
    }

    /// The axes of a whole parameter, or of each of its slices.
    private enum Parameter: Codable, Sendable {
        case whole([Label])
        case slices([Part])

        init(from decoder: any Decoder) throws {
            if let labels = try? [Label](from: decoder) {
                self = .whole(labels)
            } else {
                self = .slices(try [Part](from: decoder))
            }
        }

        func encode(to encoder: any Encoder) throws {
            switch self {
            case .whole(let labels): try labels.encode(to: encoder)
            case .slices(let parts): try parts.encode(to: encoder)
            }
        }
    }

    private struct Part: Codable, Sendable {
        var of: [Int]?
        var ranges: [[Int]]
        var axes: [Label]
    }

    private enum Label: Codable, Sendable {
        case group(String)
        case fixed(Int)

        init(from decoder: any Decoder) throws {
            let container = try decoder.singleValueContainer()
            if let size = try? container.decode(Int.self) {
                self = .fixed(size)
            } else {
                self = .group(try container.decode(String.self))
            }
        }

        func encode(to encoder: any Encoder) throws {
            var container = encoder.singleValueContainer()
            switch self {
            case .group(let name): try container.encode(name)
            case .fixed(let size): try container.encode(size)
            }
        }
    }
}

extension Specification {
    /// Reads a specification.
    ///
    /// - Throws: `FileError`; ``SpecificationError`` when the text is malformed.
    public init(contentsOf url: URL) throws {
        let file = url.relativePath
        let text = try MappedFile(url).withUnsafeBytes { String(decoding: $0, as: UTF8.self) }
        do {
            document = try YAMLDecoder().decode(Document.self, from: text)
        } catch {
            throw SpecificationError.malformed(file: file, reason: Self.reason(of: error))
        }
        guard document.version == Self.version else {
            throw SpecificationError.version(file: file, expected: Self.version, found: document.version)
        }
        self.file = file
    }

    /// What is wrong with a text that cannot be decoded, on one line.
    private static func reason(of error: any Error) -> String {
        func place(_ path: [any CodingKey]) -> String {
            let names = path.map { $0.intValue.map { "entry \($0 + 1)" } ?? "'\($0.stringValue.oneLine(limit: 100))'" }
            return names.isEmpty ? "in the document" : "at \(names.joined(separator: ", "))"
        }
        return switch error {
        case DecodingError.keyNotFound(let key, let context):
            "expected '\(key.stringValue)' \(place(context.codingPath)), found none"
        case DecodingError.typeMismatch(_, let context), DecodingError.valueNotFound(_, let context):
            "found another kind of value than expected \(place(context.codingPath))"
        case DecodingError.dataCorrupted(let context):
            "\(context.underlyingError ?? error)".oneLine()
        default: "\(error)".oneLine()
        }
    }

    /// The weight space that the specification gives to a checkpoint's floating-point tensors.
    ///
    /// - Throws: ``SpecificationError`` for parameters and groups that do not exist; `WeightSpaceError` for axes that do
    ///   not make up a parameter.
    public func space(of checkpoint: any Checkpoint) throws -> WeightSpace {
        if let name = document.parameters.keys.sorted().first(where: { checkpoint[$0] == nil }) {
            throw SpecificationError.unknownParameter(file: file, name: name, network: checkpoint.url.relativePath)
        }
        let groups = document.groups.sorted { $0.key < $1.key }.map { PermutationGroup($0.key, size: $0.value) }
        let numbers = Dictionary(uniqueKeysWithValues: groups.enumerated().map { ($1.name, $0) })
        func axes(_ labels: [Label]) throws -> [Axis] {
            try labels.map { label in
                switch label {
                case .fixed(let size): return .fixed(size)
                case .group(let name):
                    guard let number = numbers[name] else {
                        throw SpecificationError.unknownGroup(file: file, name: name)
                    }
                    return .permuted(number)
                }
            }
        }
        let blocks = try checkpoint.entries.flatMap { entry -> [Block] in
            let (name, shape) = (entry.name, entry.shape)
            switch document.parameters[name] {
            case nil: return entry.fixedBlock.map { [$0] } ?? []
            case .whole(let labels): return [Block(parameter: name, shape: shape, axes: try axes(labels))]
            case .slices(let parts):
                return try parts.map { part in
                    let ranges = try part.ranges.map { bounds in
                        guard bounds.count == 2, bounds[0] >= 0, bounds[0] <= bounds[1] else {
                            throw SpecificationError.range(file: file, name: name, found: bounds)
                        }
                        return bounds[0]..<bounds[1]
                    }
                    let slice = Block.Slice(shape: part.of ?? shape, ranges: ranges)
                    return Block(parameter: name, shape: shape, slice: slice, axes: try axes(part.axes))
                }
            }
        }
        return try WeightSpace(groups: groups, blocks: blocks)
    }

    /// The text of a weight space, which ``init(contentsOf:)`` reads.
    public static func text(of space: WeightSpace) -> String {
        func list(_ items: [String]) -> String { "[\(items.joined(separator: ", "))]" }
        func axes(_ block: Block) -> String {
            list(
                block.axes.map { axis in
                    switch axis {
                    case .permuted(let group): quoted(space.groups[group].name)
                    case .fixed(let size): "\(size)"
                    }
                })
        }
        var lines = ["version: \(version)", space.groups.isEmpty ? "groups: {}" : "groups:"]
        lines += space.groups.map { "  \(quoted($0.name)): \($0.size)" }
        lines.append(space.blocks.isEmpty ? "parameters: {}" : "parameters:")
        var names: [String] = []
        let blocks = Dictionary(grouping: space.blocks, by: \.parameter)
        for block in space.blocks where names.last != block.parameter { names.append(block.parameter) }
        for name in names {
            let parts = blocks[name] ?? []
            guard parts.contains(where: { $0.slice != nil }) else {
                lines += parts.map { "  \(quoted(name)): \(axes($0))" }
                continue
            }
            lines.append("  \(quoted(name)):")
            for case let (part, slice?) in parts.map({ ($0, $0.slice) }) {
                let ranges = list(slice.ranges.map { "[\($0.lowerBound), \($0.upperBound)]" })
                let of = slice.shape == part.shape ? "" : "of: \(slice.shape), "
                lines.append("  - {\(of)ranges: \(ranges), axes: \(axes(part))}")
            }
        }
        return lines.joined(separator: "\n") + "\n"
    }

    /// A text in double quotes, which YAML shares with JSON.
    private static func quoted(_ text: String) -> String {
        let escaped = text.unicodeScalars.map { scalar -> String in
            switch scalar {
            case "\"": "\\\""
            case "\\": "\\\\"
            case _ where scalar.value < 0x20: "\\u" + String(0x10000 + scalar.value, radix: 16).dropFirst()
            default: String(scalar)
            }
        }
        return "\"\(escaped.joined())\""
    }
}

extension CheckpointEntry {
    /// The whole tensor as a block that no group permutes; `nil` where it holds no weights.
    var fixedBlock: Block? {
        guard dtype.isFloatingPoint, !shape.contains(0) else { return nil }
        return Block(parameter: name, shape: shape, axes: shape.map(Axis.fixed))
    }
}
