import FoundationEssentials
import WeightSpaces

/// What a file says about a model: `config.json` beside it, or what stands inside its own.
struct Configuration {
    /// The largest file that is read, in bytes.
    private static let largestFile = 1 << 24

    private let file: String
    private let values: [String: PlainValue]

    /// The configuration of `family` beside the weights in `checkpoint`.
    ///
    /// - Parameter missing: what names and shapes leave open.
    /// - Throws: ``FamilyError``, also where it is one of another model than `type`.
    init(
        beside checkpoint: any Checkpoint, family: String, type: String, missing: String
    ) throws {
        let url = checkpoint.folder.appending(path: "config.json")
        file = url.relativePath
        let mapped: MappedFile
        do {
            mapped = try MappedFile(url)
        } catch {
            throw FamilyError.missingConfiguration(
                file: checkpoint.url.relativePath, family: family, missing: missing)
        }
        guard mapped.count <= Self.largestFile else {
            throw FamilyError.configuration(
                file: file, reason: "expected at most \(Self.largestFile) bytes, found \(mapped.count)")
        }
        do {
            let data = mapped.withUnsafeBytes { Data($0) }
            values = try JSONDecoder().decode([String: PlainValue].self, from: data)
        } catch {
            throw FamilyError.configuration(file: file, reason: "it is no JSON object")
        }
        let found = try text("model_type") ?? "none"
        guard found == type else {
            throw FamilyError.configuration(
                file: file,
                reason: "expected the model_type \(type), whose names the weights have, found "
                    + found.oneLine(limit: 60))
        }
    }

    /// What a file says under its keys.
    init(file: String, values: [String: PlainValue]) { (self.file, self.values) = (file, values) }

    /// The object under a key; `nil` where it is left out.
    func object(_ key: String) throws -> Configuration? {
        switch values[key] {
        case nil, .null: return nil
        case .object(let values): return Configuration(file: file, values: values)
        default: throw refused(key, "an object")
        }
    }

    /// A whole number in a range; `nil` where it is left out.
    func integer(_ key: String, in range: ClosedRange<Int>) throws -> Int? {
        try value(key).map { try integer($0, key, in: range) }
    }

    /// A whole number in a range that cannot be left out.
    func requiredInteger(_ key: String, in range: ClosedRange<Int>) throws -> Int {
        guard let result = try integer(key, in: range) else { throw refused(key, "a whole number") }
        return result
    }

    /// Whether a key is there.
    func has(_ key: String) -> Bool { value(key) != nil }

    /// Whole numbers in a range, so many of them if that is asked.
    func integers(_ key: String, count: Int? = nil, in range: ClosedRange<Int>) throws -> [Int] {
        try list(key, of: "whole numbers", count: count).map { try integer($0, key, in: range) }
    }

    /// Texts, so many of them if that is asked.
    func texts(_ key: String, count: Int? = nil) throws -> [String] {
        try list(key, of: "texts", count: count).map { value in
            guard case .text(let text) = value else { throw refused(key, "texts") }
            return text
        }
    }

    private func list(_ key: String, of what: String, count: Int?) throws -> [PlainValue] {
        guard case .list(let values) = values[key], values.count == count ?? values.count else {
            throw refused(key, count.map { "\($0) \(what)" } ?? "a list of \(what)")
        }
        return values
    }

    /// Height and width: two whole numbers, or one for both.
    func size(_ key: String, in range: ClosedRange<Int>) throws -> (height: Int, width: Int) {
        if case .list(let values) = values[key] {
            guard values.count == 2 else { throw refused(key, "height and width") }
            return (try integer(values[0], key, in: range), try integer(values[1], key, in: range))
        }
        let side = try requiredInteger(key, in: range)
        return (side, side)
    }

    /// A number of a range, or `absent` where it is left out.
    func number(_ key: String, in range: ClosedRange<Double>, default absent: Double) throws -> Double {
        switch value(key) {
        case nil: return absent
        case .number(let number) where range.contains(number): return number
        default: throw refused(key, "a number from \(range.lowerBound) to \(range.upperBound)")
        }
    }

    /// A text; `nil` where it is left out.
    func text(_ key: String) throws -> String? {
        switch value(key) {
        case nil: return nil
        case .text(let text): return text
        default: throw refused(key, "a text")
        }
    }

    /// A truth, or `absent` where it is left out.
    func truth(_ key: String, default absent: Bool) throws -> Bool {
        switch value(key) {
        case nil: return absent
        case .truth(let truth): return truth
        default: throw refused(key, "true or false")
        }
    }

    /// Whether the class that the model was saved from is called so at the end.
    func isArchitecture(_ suffix: String) -> Bool {
        guard case .list(let names) = values["architectures"] else { return false }
        return names.contains { if case .text(let name) = $0 { name.hasSuffix(suffix) } else { false } }
    }

    /// The operator of an activation function, with its settings.
    func activation(_ key: String, default absent: String) throws -> (
        operation: String, attributes: [String: Attribute]
    ) {
        switch try text(key) ?? absent {
        case "gelu": return ("Gelu", [:])
        case "gelu_new", "gelu_pytorch_tanh", "gelu_fast": return ("Gelu", ["approximate": .text("tanh")])
        case "relu": return ("Relu", [:])
        case "silu", "swish": return ("Swish", [:])
        case "tanh": return ("Tanh", [:])
        default: throw refused(key, "gelu, gelu_new, relu, silu or tanh")
        }
    }

    /// Checks that the number of layers, if it is there, is that of the layers in the file.
    func requireLayers(_ count: Int, _ key: String) throws {
        if let expected = try integer(key, in: 0...Int(Int32.max)), expected != count {
            throw FamilyError.configuration(
                file: file, reason: "'\(key)' is \(expected), but the weights are those of \(count) layers")
        }
    }

    /// The number of heads under a key, which must divide `width`.
    func heads(_ key: String, dividing width: Int) throws -> Int {
        let heads = try requiredInteger(key, in: 1...max(1, width))
        guard width.isMultiple(of: heads) else { throw refused(key, "a number of heads that divides \(width)") }
        return heads
    }

    /// The error for a setting that is not what it should be.
    func refused(_ key: String, _ expected: String) -> FamilyError {
        let found =
            switch values[key] {
            case nil, .null: "nothing"
            case .truth(let value): "\(value)"
            case .number(let value): Int(exactly: value).map { "\($0)" } ?? "\(value)"
            case .text(let value): "'\(value.oneLine(limit: 60))'"
            case .list: "a list"
            case .object: "an object"
            }
        return .configuration(file: file, reason: "expected \(expected) as '\(key)', found \(found)")
    }

    private func value(_ key: String) -> PlainValue? {
        if case .null = values[key] { nil } else { values[key] }
    }

    private func integer(_ value: PlainValue, _ key: String, in range: ClosedRange<Int>) throws -> Int {
        guard case .number(let number) = value, let result = Int(exactly: number), range.contains(result) else {
            throw refused(key, "a whole number from \(range.lowerBound) to \(range.upperBound)")
        }
        return result
    }
}
