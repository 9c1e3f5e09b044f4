public import Foundation
public import Torch
internal import WeightSpaces

/// A trainable map on networks that can be stored in one file.
///
/// The safetensors file holds parameters and buffers under their visiting names and, as metadata, what the functional
/// is made of, so that loading needs nothing else.
public protocol Functional: Module {
    /// What a functional of this kind is made of, weight space included.
    associatedtype Configuration: FunctionalDescription
    /// The name of the kind in a file's metadata.
    static var kind: String { get }
    /// What this functional is made of.
    var configuration: Configuration { get }
    /// How many networks are best computed together in training.
    var networksPerPart: Int { get }
    /// A functional with random weights.
    init(_ configuration: Configuration, using random: inout RandomSource)
}

extension Functional {
    /// The number of trainable numbers of a functional that is not made, without their memory.
    public static func parameterCount(of configuration: Configuration) -> Int {
        var random = RandomSource.shapesOnly
        return Self(configuration, using: &random).parameterCount
    }

    /// Stores the functional.
    ///
    /// - Throws: `FileError`.
    public func write(to url: URL) throws {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        let text = String(decoding: try encoder.encode(configuration), as: UTF8.self)
        try SafetensorsFile.write(
            state.map { StoredTensor(name: $0.name, $0.value) },
            metadata: ["functional": Self.kind, "configuration": text], to: url)
    }

    /// Loads a stored functional.
    ///
    /// - Throws: `FileError`, `FormatError`; ``FunctionalError`` when the file holds something else.
    public init(contentsOf url: URL) throws {
        let file = try SafetensorsFile(url)
        let name = url.relativePath
        guard file.metadata["functional"] == Self.kind else {
            throw FunctionalError.kind(file: name, expected: Self.kind, found: file.metadata["functional"])
        }
        guard let text = file.metadata["configuration"],
            let configuration = try? JSONDecoder().decode(Configuration.self, from: Data(text.utf8))
        else { throw FunctionalError.configuration(file: name, invalid: nil) }
        do {
            try configuration.check(
                against: StoredNumbers(
                    tensors: file.entries.count, elements: file.entries.reduce(0) { $0 + $1.shape.reduce(1, *) }))
        } catch let error as InvalidSetting { throw FunctionalError.configuration(file: name, invalid: error) }
        var random = RandomSource.shapesOnly
        self.init(configuration, using: &random)
        try visitState { parameter, tensor in
            guard let entry = file[parameter], entry.shape == tensor.shape, let stored = try file.tensor(entry),
                stored.dtype == tensor.dtype
            else {
                let found = file[parameter].map { "\($0.dtype.rawValue) \($0.shape)" }
                throw FunctionalError.tensor(file: name, name: parameter, expected: "\(tensor)", found: found)
            }
            guard stored.isFinite else { throw FunctionalError.notFinite(file: name, name: parameter) }
            tensor = stored
        }
    }
}

/// Why a file does not hold a functional.
public enum FunctionalError: Error, Equatable, CustomStringConvertible {
    /// The file says that it holds something else.
    case kind(file: String, expected: String, found: String?)
    /// The description of the functional is missing or cannot be read, or a setting is invalid.
    case configuration(file: String, invalid: InvalidSetting?)
    /// A tensor is missing or has another shape or element type.
    case tensor(file: String, name: String, expected: String, found: String?)
    /// A tensor holds NaN or infinite values.
    case notFinite(file: String, name: String)

    /// One line that names the file and says what is wrong with it.
    public var description: String {
        switch self {
        case .kind(let file, let expected, let found):
            "\(file): expected a functional of kind '\(expected)', found \(found.map { "'\($0)'" } ?? "another file")"
        case .configuration(let file, let invalid):
            "\(file): the functional's configuration is missing or malformed" + (invalid.map { ": \($0)" } ?? "")
        case .tensor(let file, let name, let expected, let found):
            "\(file): '\(name)': expected \(expected), found \(found ?? "nothing")"
        case .notFinite(let file, let name): "\(file): '\(name)' holds NaN or infinite values"
        }
    }
}
