import FoundationEssentials
import WeightSpaces

/// The files beside an ONNX file that hold elements of its tensors, each mapped once.
struct ExternalFiles {
    private let model: URL
    private var mapped: [String: MappedFile] = [:]

    /// The files beside `model`.
    init(beside model: URL) { self.model = model }

    /// Where the files are that were mapped.
    var urls: [URL] { mapped.values.map(\.url) }

    /// Finds `byteCount` bytes of elements of `tensor`, without reading them.
    ///
    /// - Throws: ``ONNXError`` when the tensor points outside the folder or outside the file; `FileError`; `FormatError`
    ///   for an empty file.
    mutating func find(_ tensor: ONNXTensorProto, byteCount: Int) throws -> (file: MappedFile, range: Range<Int>) {
        var settings: [String: String] = [:]
        for entry in tensor.externalData {
            guard settings.updateValue(entry.value, forKey: entry.key) == nil else {
                throw error(tensor, expected: "each setting once", found: "'\(entry.key)' twice")
            }
        }
        guard let location = Self.inside(settings["location"] ?? "") else {
            throw error(tensor, expected: "a path inside the folder", found: "'\(settings["location"] ?? "")'")
        }
        let offset = try number(settings["offset"], of: tensor) ?? 0
        let length = try number(settings["length"], of: tensor) ?? byteCount
        guard length == byteCount else {
            throw FormatError.byteCount(
                file: model.relativePath, tensor: tensor.name, expected: byteCount, found: length)
        }
        let file = try mapped[location] ?? MappedFile(model.deletingLastPathComponent().appending(path: location))
        mapped[location] = file
        guard offset <= file.count, length <= file.count - offset else {
            throw error(
                tensor, expected: "\(length) bytes at \(offset) of '\(location)'", found: "\(file.count) bytes in all")
        }
        return (file, offset..<offset + length)
    }

    /// The path without the steps that stay where they are, or `nil` for one that may lead out of the folder.
    private static func inside(_ location: String) -> String? {
        let steps = location.split(separator: "/", omittingEmptySubsequences: false).filter { $0 != "." }
        guard location.utf8.count <= 1_024, !location.utf8.contains(0), !steps.isEmpty,
            !steps.contains(where: { $0.isEmpty || $0 == ".." })
        else { return nil }
        return steps.joined(separator: "/")
    }

    private func number(_ text: String?, of tensor: ONNXTensorProto) throws(ONNXError) -> Int? {
        guard let text else { return nil }
        guard text.utf8.count < 20, let value = Int(text), value >= 0 else {
            throw error(tensor, expected: "a number of bytes", found: "'\(text)'")
        }
        return value
    }

    private func error(_ tensor: ONNXTensorProto, expected: String, found: String) -> ONNXError {
        .external(file: model.relativePath, tensor: tensor.name, expected: expected, found: found)
    }
}
