import FoundationEssentials

/// The format of PyTorch before version 1.6: five pickles, and after them the storages, each behind its number of
/// elements.
///
/// The pickles are a magic number, the format's version, facts about the machine, what was saved, and the storages'
/// keys in the order of the storages.
struct LegacyPyTorch: PyTorchContainer {
    let file: MappedFile
    private let pickle: Range<Int>
    /// In the order of the file.
    private let storages: [(key: String, range: Range<Int>)]
    private let positions: [String: Int]

    /// The magic number, as a pickle has it.
    private static let magic: [UInt8] = [0x8A, 0x0A, 0x6C, 0xFC, 0x9C, 0x46, 0xF9, 0x20, 0x6A, 0xA8, 0x50, 0x19]
    /// The largest part of a file that is looked at for a pickle.
    private static let longestPickle = Int(UInt32.max)
    /// Bytes per element of storages whose tensors are not read.
    private static let otherSizes = [
        "torch.ComplexDoubleStorage": 16, "torch.QInt8Storage": 1, "torch.QUInt8Storage": 1, "torch.QInt32Storage": 4,
        "torch.QUInt4x2Storage": 1, "torch.QUInt2x4Storage": 1,
    ]

    /// Whether a file with these first bytes is of this format: the magic number follows the pickle's own start, and
    /// from protocol 4 on its frame.
    static func isStart(_ front: [UInt8]) -> Bool {
        guard front.first == PickleOpcode.protocolVersion.rawValue else { return false }
        let frame = front.dropFirst(2).first == PickleOpcode.frame.rawValue ? 9 : 0
        return front.dropFirst(2 + frame).prefix(magic.count).elementsEqual(magic)
    }

    /// How many bytes `isStart` looks at.
    static let startCount = 11 + magic.count

    /// - Throws: `FormatError` when a pickle or a storage is not whole.
    init(_ file: MappedFile) throws {
        self.file = file
        let name = file.url.relativePath
        (pickle, storages) = try file.withUnsafeBytes { bytes throws(FormatError) in
            try Self.parts(of: bytes, file: name)
        }
        positions = Dictionary(uniqueKeysWithValues: storages.enumerated().map { ($1.key, $0) })
    }

    func withPickle<Result>(_ body: (UnsafeRawBufferPointer) throws -> Result) throws -> Result {
        try file.withUnsafeBytes { try body(UnsafeRawBufferPointer(rebasing: $0[pickle])) }
    }

    func byteCount(ofStorage key: String) -> Int? { positions[key].map { storages[$0].range.count } }

    func withStorage<Result>(_ key: String, _ body: (UnsafeRawBufferPointer) throws -> Result) throws -> Result {
        guard let position = positions[key] else {
            preconditionFailure("expected a storage of \(file.url.relativePath), got \(key)")
        }
        return try file.withUnsafeBytes { try body(UnsafeRawBufferPointer(rebasing: $0[storages[position].range])) }
    }

    func write(to url: URL, replacing storage: (_ key: String) throws -> [UInt8]?) throws {
        try file.withUnsafeBytes { source in
            try AtomicFile.write(to: url) { output in
                var copied = 0
                for (key, range) in storages {
                    guard let bytes = try storage(key) else { continue }
                    precondition(bytes.count == range.count, "expected \(range.count) bytes for storage \(key)")
                    try output.write(UnsafeRawBufferPointer(rebasing: source[copied..<range.lowerBound]))
                    try bytes.withUnsafeBytes { try output.write($0) }
                    copied = range.upperBound
                }
                try output.write(UnsafeRawBufferPointer(rebasing: source[copied...]))
            }
        }
    }

    private static func parts(
        of bytes: UnsafeRawBufferPointer, file: String
    ) throws(FormatError) -> (pickle: Range<Int>, storages: [(key: String, range: Range<Int>)]) {
        let budget = PyTorchFile.pickleBudget(bytes.count)
        var position = 0
        func next() throws(FormatError) -> (Range<Int>, Pickle) {
            let rest = UnsafeRawBufferPointer(rebasing: bytes[position...].prefix(longestPickle))
            let pickle = try PickleMachine.read(rest, budget: budget, file: file)
            defer { position += pickle.count }
            return (position..<position + pickle.count, pickle)
        }
        for _ in 0..<3 { _ = try next() }
        let (range, pickle) = try next()
        let sizes = try elementSizes(of: pickle, file: file)
        let (_, order) = try next()
        guard let keys = order.elements(order.root) else {
            throw .malformed(
                file: file, part: "the pickle of keys", expected: "a list of texts", found: "another object")
        }
        var storages: [(key: String, range: Range<Int>)] = []
        var seen: Set<String> = []
        for key in keys {
            guard let key = order.text(key, limit: HeaderScanner.longestName), let size = sizes[key],
                seen.insert(key).inserted
            else {
                throw .malformed(
                    file: file, part: "the pickle of keys", expected: "each key once, of storages that tensors view",
                    found: order.text(key, limit: HeaderScanner.longestName)?.quoted ?? "another object")
            }
            let start = position + 8
            guard let stated = bytes.integer(at: position, as: UInt64.self),
                stated <= UInt64(bytes.count - start) / UInt64(size)
            else {
                throw .malformed(
                    file: file, part: "storage \(key.quoted) at byte \(position)",
                    expected: "a number of elements that the file holds",
                    found: bytes.integer(at: position, as: UInt64.self).map { "\($0)" } ?? "the end of the file")
            }
            position = start + Int(stated) * size
            storages.append((key, start..<position))
        }
        return (range, storages)
    }

    /// The bytes per element of each storage that the pickle names.
    private static func elementSizes(of pickle: Pickle, file: String) throws(FormatError) -> [String: Int] {
        var sizes: [String: Int] = [:]
        for identifier in Set(pickle.storages) {
            let storage = pickle.tuples[Int(identifier)]
            guard storage.count >= 5, case .global(let type) = storage[1],
                let key = pickle.text(storage[2], limit: HeaderScanner.longestName)
            else { continue }
            let size: Int
            switch type {
            case .storage(let dtype): size = dtype?.byteCount ?? 1
            case .unknown(let name):
                guard let other = otherSizes[pickle.unknownNames[Int(name)]] else { continue }
                size = other
            default: continue
            }
            guard sizes.updateValue(size, forKey: key) ?? size == size else {
                throw .malformed(
                    file: file, part: "the pickle", expected: "one type for storage \(key.quoted)", found: "two")
            }
        }
        return sizes
    }
}
