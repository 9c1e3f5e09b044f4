public import FoundationEssentials

extension PyTorchFile {
    /// Writes a copy of the file, in its own format, with other elements; one storage at a time is held in memory.
    ///
    /// - Throws: `FormatError.sharedElements` when tensors that share elements are given different ones.
    public func write(to url: URL, elements: (CheckpointEntry) throws -> [UInt8]) throws {
        let sharers = Dictionary(grouping: entries) { index.location(of: $0, file: self.url.relativePath).storage }
        try container.write(to: url) { key in
            guard let entries = sharers[key] else { return nil }
            let layouts = entries.map { index.location(of: $0, file: self.url.relativePath).layout }
            var storage = try container.withStorage(key) { [UInt8]($0) }
            // Which bytes have been replaced already; a tensor alone whose elements lie apart replaces each once.
            let isShared = entries.count > 1 || layouts.contains { $0.mayRepeat }
            var isNew = isShared ? [Bool](repeating: false, count: storage.count) : []
            for (entry, layout) in zip(entries, layouts) {
                let (new, size) = (try checked(try elements(entry), of: entry), entry.dtype.byteCount)
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
