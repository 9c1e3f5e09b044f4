public import FoundationEssentials

/// A folder of safetensors files that together hold one network, and the index that says which tensor lies in which.
///
/// - Source: the files that Hugging Face's libraries write: `{"metadata": …, "weight_map": {tensor: file}}`.
public struct ShardedSafetensors: Checkpoint {
    /// The folder.
    public let url: URL

    private let indexName: String
    private let shards: [(name: String, file: SafetensorsFile)]
    private let index: CheckpointIndex<Int>

    /// How the names of index files end.
    static let suffix = ".safetensors.index.json"

    /// Opens the folder of the index file at `url`.
    ///
    /// - Throws: `FileError` when a file cannot be read; `FormatError` when one is not sound, names a file outside the
    ///   folder, or names a tensor that its file does not have.
    public init(index url: URL) throws {
        let places = try ShardIndex(url).places
        let folder = url.deletingLastPathComponent()
        let names = Set(places.values).sorted()
        shards = try names.map { ($0, try SafetensorsFile(folder.appending(path: $0))) }
        var items: [(CheckpointEntry, Int)] = []
        for (number, shard) in shards.enumerated() {
            items += shard.file.entries.filter { places[$0.name] == shard.name }.map { ($0, number) }
        }
        index = try CheckpointIndex(items, file: url.relativePath)
        for (tensor, shard) in places where index[tensor] == nil {
            throw FormatError.malformed(
                file: url.relativePath, part: "tensor \(tensor.quoted)", expected: "one in \(shard.quoted)",
                found: "none")
        }
        self.url = folder
        indexName = url.lastPathComponent
    }

    public var folder: URL { url }

    /// The tensors, file by file, in the order in which they lie there.
    public var entries: [CheckpointEntry] { index.entries }

    public subscript(name: String) -> CheckpointEntry? { index[name] }

    public func withBytes<Result>(
        of entry: CheckpointEntry, _ body: (UnsafeRawBufferPointer) throws -> Result
    ) throws -> Result {
        try shards[index.location(of: entry, file: url.relativePath)].file.withBytes(of: entry, body)
    }

    /// Writes the files of the network and their index into the folder at `url`, which is made where it is missing.
    ///
    /// Each file appears when it is complete, the index last. Other files of the folder are not copied.
    public func write(to url: URL, elements: (CheckpointEntry) throws -> [UInt8]) throws {
        try Folder.create(url)
        for (number, shard) in shards.enumerated() {
            try shard.file.write(to: url.appending(path: shard.name)) { entry in
                guard let named = index[entry.name], index.location(of: named, file: self.url.relativePath) == number
                else { return shard.file.withBytes(of: entry) { Array($0) } }
                return try elements(entry)
            }
        }
        try MappedFile(self.url.appending(path: indexName)).withUnsafeBytes { bytes in
            try AtomicFile.write(to: url.appending(path: indexName)) { try $0.write(bytes) }
        }
    }
}
