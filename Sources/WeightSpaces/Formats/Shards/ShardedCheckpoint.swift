public import FoundationEssentials

/// A folder of files that together hold one network, of safetensors or PyTorch, and the index of what lies in which.
///
/// - Source: the files that Hugging Face's libraries write: `{"metadata": …, "weight_map": {tensor: file}}`.
public struct ShardedCheckpoint: Checkpoint {
    /// The folder.
    public let url: URL

    private let indexName: String
    private let shards: [(name: String, file: any Checkpoint)]
    private let index: CheckpointIndex<Int>
    public let passedOver: [String: String]

    /// How the names of index files end.
    static let suffix = ".index.json"

    /// Opens the folder of the index file at `url`.
    ///
    /// - Throws: `FileError` when a file cannot be read; `FormatError` when one is not sound, names a file outside the
    ///   folder, or names a tensor that its file does not have.
    public init(index url: URL) throws {
        let places = try ShardIndex(url).places
        let folder = url.deletingLastPathComponent()
        let names = Set(places.values).sorted()
        shards = try names.map { ($0, try Checkpoints.open(MappedFile(folder.appending(path: $0)))) }
        var items: [(CheckpointEntry, Int)] = []
        var passedOver: [String: String] = [:]
        for (number, shard) in shards.enumerated() {
            items += shard.file.entries.filter { places[$0.name] == shard.name }.map { ($0, number) }
            passedOver.merge(shard.file.passedOver.filter { places[$0.key] == shard.name }) { first, _ in first }
        }
        (index, self.passedOver) = (try CheckpointIndex(items, file: url.relativePath), passedOver)
        for (tensor, shard) in places where index[tensor] == nil && passedOver[tensor] == nil {
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
                else { return try shard.file.withBytes(of: entry) { Array($0) } }
                return try elements(entry)
            }
        }
        try MappedFile(self.url.appending(path: indexName)).withUnsafeBytes { bytes in
            try AtomicFile.write(to: url.appending(path: indexName)) { try $0.write(bytes) }
        }
    }
}
