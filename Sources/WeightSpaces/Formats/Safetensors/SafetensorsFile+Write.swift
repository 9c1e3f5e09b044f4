public import FoundationEssentials

extension SafetensorsFile {
    /// Writes `tensors` and `metadata` to `url`; the file appears only when it is complete (`AtomicFile`).
    ///
    /// The same arguments give the same bytes: the tensors lie in the given order, except that those with larger
    /// elements come first, which aligns them all; metadata keys are sorted.
    ///
    /// - Throws: `FormatError` for a name that is repeated, reserved or too long, and for a tensor that hands over
    ///   another number of bytes than its shape asks for; `FileError`; what a tensor's closure throws.
    public static func write(_ tensors: [StoredTensor], metadata: [String: String] = [:], to url: URL) throws {
        let layout = try SafetensorsLayout(tensors, metadata: metadata, file: url.relativePath)
        try AtomicFile.write(to: url) { file in
            try layout.emit { try file.write($0) }
        }
    }

    public func write(to url: URL, elements: (CheckpointEntry) throws -> [UInt8]) throws {
        try AtomicFile.write(to: url) { output in
            try file.withUnsafeBytes { source in
                var copied = 0
                for (entry, range) in zip(entries, index.locations) {
                    try output.write(UnsafeRawBufferPointer(rebasing: source[copied..<range.lowerBound]))
                    try checked(try elements(entry), of: entry).withUnsafeBytes { try output.write($0) }
                    copied = range.upperBound
                }
                try output.write(UnsafeRawBufferPointer(rebasing: source[copied...]))
            }
        }
    }
}
