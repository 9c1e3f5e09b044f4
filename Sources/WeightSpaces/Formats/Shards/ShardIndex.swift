import FoundationEssentials

/// Which tensor lies in which file: the index beside the shards of a network.
struct ShardIndex {
    /// The file of each tensor: a plain name, so that it lies beside the index.
    private(set) var places: [String: String] = [:]

    /// Whether a file begins as an index does, and is not sound JSON without a map of weights.
    static func isIndex(_ file: MappedFile) -> Bool {
        file.withUnsafeBytes { bytes in
            guard bytes.first == UInt8(ascii: "{") else { return false }
            var scanner = HeaderScanner(bytes, origin: 0, file: "")
            var sawMap = false
            do throws(FormatError) {
                try scanner.object { (scanner, key) throws(FormatError) in
                    sawMap = sawMap || key == "weight_map"
                    try scanner.passValue()
                }
                try scanner.end()
                return sawMap
            } catch {
                return true
            }
        }
    }

    /// Reads the index at `url`.
    init(_ url: URL) throws {
        try MappedFile(url).withUnsafeBytes { try read($0, file: url.relativePath) }
    }

    private mutating func read(_ bytes: UnsafeRawBufferPointer, file: String) throws(FormatError) {
        var scanner = HeaderScanner(bytes, origin: 0, file: file)
        var sawMap = false
        try scanner.object { (scanner, key) throws(FormatError) in
            guard key == "weight_map" else { return try scanner.passValue() }
            guard !sawMap else { throw .duplicateName(file: file, name: key) }
            sawMap = true
            try scanner.object { (scanner, tensor) throws(FormatError) in
                let shard = try scanner.name()
                guard !shard.isEmpty, shard != ".", shard != "..",
                    !shard.utf8.contains(where: { $0 == 0x2F || $0 == 0 })
                else { throw scanner.failure("the name of a file in the same folder", found: shard.quoted) }
                guard places.updateValue(shard, forKey: tensor) == nil else {
                    throw .duplicateName(file: file, name: tensor)
                }
            }
        }
        try scanner.end()
        guard sawMap else { throw scanner.failure("a weight_map", found: "none") }
    }
}
