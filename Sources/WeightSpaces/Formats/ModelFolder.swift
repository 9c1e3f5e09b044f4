public import FoundationEssentials

/// A folder that holds the weights of one network, and files that say how to use them.
///
/// - Source: the folders that Hugging Face's libraries write.
public struct ModelFolder: Checkpoint {
    /// The folder.
    public let url: URL

    private let weights: any Checkpoint
    private let name: String

    /// How the names of settings and vocabularies end.
    private static let descriptions = [".json", ".txt", ".model", ".jinja"]

    /// Opens the weights called `name` in the folder at `url`.
    ///
    /// - Throws: what opening them throws.
    init(_ url: URL, name: String) throws {
        (self.url, self.name) = (url, name)
        weights = try Checkpoints.open(url.appending(path: name))
    }

    public var folder: URL { url }

    public var entries: [CheckpointEntry] { weights.entries }

    public var passedOver: [String: String] { weights.passedOver }

    public subscript(name: String) -> CheckpointEntry? { weights[name] }

    public func withBytes<Result>(
        of entry: CheckpointEntry, _ body: (UnsafeRawBufferPointer) throws -> Result
    ) throws -> Result {
        try weights.withBytes(of: entry, body)
    }

    /// Writes the weights into the folder at `url`, which is made where it is missing.
    ///
    /// Settings and vocabularies are copied before; other files, such as the same weights in another format, are not.
    public func write(to url: URL, elements: (CheckpointEntry) throws -> [UInt8]) throws {
        try Folder.create(url)
        for name in try Folder.contents(of: self.url) where Self.isDescription(name) {
            try Self.copy(self.url.appending(path: name), to: url.appending(path: name))
        }
        try weights.write(to: weights is ShardedCheckpoint ? url : url.appending(path: name), elements: elements)
    }

    private static func isDescription(_ name: String) -> Bool {
        descriptions.contains { name.hasSuffix($0) } && !name.hasSuffix(".index.json")
    }

    private static func copy(_ source: URL, to target: URL) throws {
        do {
            let file = try MappedFile(source)
            try AtomicFile.write(to: target) { output in try file.withUnsafeBytes { try output.write($0) } }
        } catch FormatError.empty {
            try AtomicFile.write([UInt8](), to: target)
        }
    }
}
