public import FoundationEssentials

extension PyTorchFile {
    /// Writes a copy of the file with other elements; one storage at a time is held in memory.
    ///
    /// - Throws: `FormatError.sharedElements` when tensors that share elements are given different ones.
    public func write(to url: URL, elements: (CheckpointEntry) throws -> [UInt8]) throws {
        let sharers = Dictionary(grouping: entries) { index.location(of: $0, file: self.url.relativePath).member.name }
        try archive.write(to: url) { member in
            guard let entries = sharers[member.name] else { return nil }
            var storage = archive.file.withUnsafeBytes { [UInt8]($0[member.data]) }
            // Which bytes have been replaced already; one tensor alone replaces each once.
            var isNew = entries.count > 1 ? [Bool](repeating: false, count: storage.count) : []
            for entry in entries {
                let (new, size) = (try checked(try elements(entry), of: entry), entry.dtype.byteCount)
                let layout = index.location(of: entry, file: self.url.relativePath).layout
                if isNew.isEmpty, let range = layout.contiguousRange {
                    storage.replaceSubrange(range.lowerBound * size..<range.upperBound * size, with: new)
                    continue
                }
                var position = 0
                try layout.forEachElement { element in
                    for place in element * size..<(element + 1) * size {
                        if !isNew.isEmpty {
                            guard !isNew[place] || storage[place] == new[position] else {
                                throw FormatError.sharedElements(file: url.relativePath, tensor: entry.name)
                            }
                            isNew[place] = true
                        }
                        storage[place] = new[position]
                        position += 1
                    }
                }
            }
            return storage
        }
    }
}
