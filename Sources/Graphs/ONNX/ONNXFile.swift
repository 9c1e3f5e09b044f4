public import FoundationEssentials
import SwiftProtobuf
public import WeightSpaces

/// An ONNX file, opened for reading: a graph of operators, and the named tensors that the graph stores.
///
/// Everything but the elements of weights in other files is read and checked when the file is opened: the tensors'
/// extents against the bytes that are there, names, and that the graph can be computed in some order. Opening takes as
/// much memory as the weights inside the file, and some hundred bytes for each message, whose number is bounded.
///
/// - Source: the format's description in the `onnx` repository, `docs/IR.md`.
public struct ONNXFile: Checkpoint {
    /// Where the file is.
    public let url: URL
    /// The graph's initializers, then the weights that constants, branches and functions hold, each in the order of the
    /// file. Those have the name of the constant's result, behind the path of the branch or function that they stand in.
    public let entries: [CheckpointEntry]
    /// The network.
    public let graph: Graph

    let model: ONNXModelProto
    let stored: [ONNXTensor]
    /// Where the stored tensors stand in the model.
    let positionsByPlace: [TensorPlace: Int]
    /// The files that hold elements of the graph's tensors.
    let externalURLs: [URL]
    private let positions: [String: Int]

    /// Opens the file at `url`.
    ///
    /// - Throws: `FileError` when it, or a file that it refers to, cannot be read; `FormatError` and ``ONNXError`` when it
    ///   is not a whole and sound ONNX file.
    public init(_ url: URL) throws {
        let name = url.relativePath
        let mapped = try MappedFile(url)
        let model = try Self.decode(mapped)
        guard model.hasGraph else { throw ONNXError.noGraph(file: name) }
        var reader = try GraphReader(
            model, external: ExternalFiles(beside: url), file: name, byteCount: mapped.count)
        graph = try reader.graph(of: model)
        stored = reader.stored.map(\.tensor)
        positionsByPlace = Dictionary(uniqueKeysWithValues: reader.stored.enumerated().map { ($1.place, $0) })
        var positions: [String: Int] = [:]
        for (position, tensor) in stored.enumerated() {
            guard positions.updateValue(position, forKey: tensor.entry.name) == nil else {
                throw FormatError.duplicateName(file: name, name: tensor.entry.name)
            }
        }
        entries = stored.map(\.entry)
        externalURLs = reader.external.urls
        self.url = url
        self.model = model
        self.positions = positions
    }

    /// The stored tensor called `name`, if there is one.
    public subscript(name: String) -> CheckpointEntry? {
        positions[name].map { entries[$0] }
    }

    public func withBytes<Result>(
        of entry: CheckpointEntry, _ body: (UnsafeRawBufferPointer) throws -> Result
    ) throws -> Result {
        guard let position = positions[entry.name], entries[position] == entry else {
            preconditionFailure("expected an entry of \(url.relativePath), got \(entry)")
        }
        return try stored[position].withBytes(body)
    }

    private static func decode(_ file: MappedFile) throws -> ONNXModelProto {
        let name = file.url.relativePath
        return try file.withUnsafeBytes { bytes in
            try MessageCensus.check(bytes, file: name)
            guard let start = bytes.baseAddress else { throw FormatError.empty(file: name) }
            let lent = Data(
                bytesNoCopy: UnsafeMutableRawPointer(mutating: start), count: bytes.count, deallocator: .none)
            do {
                return try ONNXModelProto(serializedBytes: lent)
            } catch {
                throw ONNXError.undecodable(file: name, reason: "\(error)")
            }
        }
    }
}
