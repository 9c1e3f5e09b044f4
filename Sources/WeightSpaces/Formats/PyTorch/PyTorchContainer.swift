import FoundationEssentials

/// Where a checkpoint of PyTorch keeps its pickle and the storages that tensors view.
protocol PyTorchContainer: Sendable {
    var file: MappedFile { get }

    /// Calls `body` with the pickle.
    func withPickle<Result>(_ body: (UnsafeRawBufferPointer) throws -> Result) throws -> Result

    /// How many bytes the storage `key` has, if there is one.
    func byteCount(ofStorage key: String) -> Int?

    /// Calls `body` with the bytes of the storage `key`.
    ///
    /// - Traps: when there is none.
    func withStorage<Result>(_ key: String, _ body: (UnsafeRawBufferPointer) throws -> Result) throws -> Result

    /// Writes a copy in which some storages have other bytes; everything else is kept.
    ///
    /// - Parameter storage: the bytes of a storage, as many as before, or `nil` to keep them; asked for once for each.
    func write(to url: URL, replacing storage: (_ key: String) throws -> [UInt8]?) throws
}
