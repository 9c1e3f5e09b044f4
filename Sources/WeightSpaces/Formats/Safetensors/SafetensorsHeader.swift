/// The checked header of a safetensors file: which tensor lies where.
///
/// A file is the header's length (8 bytes, little-endian), the header (JSON, padded by spaces), and the data, in which
/// the tensors lie end to end: without overlap, hole or rest.
///
/// - Source: the format's description in the `safetensors` repository's README.
struct SafetensorsHeader {
    /// One tensor, and where its bytes lie in the file.
    struct Entry: Equatable {
        let name: String
        let dtype: StoredDType
        let shape: [Int]
        let byteRange: Range<Int>
    }

    static let lengthBytes = 8
    static let longest = 100_000_000
    static let metadataKey = "__metadata__"

    /// In the order of the data.
    private(set) var entries: [Entry] = []
    private(set) var metadata: [String: String] = [:]
    /// The index in `entries` of each name.
    private(set) var positions: [String: Int] = [:]

    private let file: String

    /// Reads the header at the start of `contents`, which is the whole file.
    ///
    /// - Parameter file: the name for messages.
    init(of contents: UnsafeRawBufferPointer, file: String) throws(FormatError) {
        self.file = file
        guard contents.count >= Self.lengthBytes + 2 else {
            throw .tooShort(file: file, expected: Self.lengthBytes + 2, found: contents.count)
        }
        let length = UInt64(littleEndian: contents.loadUnaligned(as: UInt64.self))
        let allowed = 2...min(Self.longest, contents.count - Self.lengthBytes)
        guard length <= allowed.upperBound, length >= allowed.lowerBound else {
            throw .headerLength(file: file, expected: allowed, found: length)
        }
        let dataStart = Self.lengthBytes + Int(length)
        let text = UnsafeRawBufferPointer(rebasing: contents[Self.lengthBytes..<dataStart])
        guard text[0] == UInt8(ascii: "{") else {
            throw HeaderScanner(text, origin: Self.lengthBytes, file: file).failure("'{'")
        }
        try scan(text, dataStart: dataStart, fileEnd: contents.count)
        entries.sort {
            ($0.byteRange.lowerBound, $0.byteRange.upperBound) < ($1.byteRange.lowerBound, $1.byteRange.upperBound)
        }
        try indexNames()
        try checkLayout(dataStart: dataStart, fileEnd: contents.count)
    }

    private mutating func scan(_ text: UnsafeRawBufferPointer, dataStart: Int, fileEnd: Int) throws(FormatError) {
        var scanner = HeaderScanner(text, origin: Self.lengthBytes, file: file)
        var sawMetadata = false
        try scanner.object { (scanner, name) throws(FormatError) in
            if name != Self.metadataKey {
                entries.append(try entry(name, &scanner, dataStart: dataStart, fileEnd: fileEnd))
            } else if sawMetadata {
                throw .duplicateName(file: file, name: name)
            } else {
                sawMetadata = true
                try scanMetadata(&scanner)
            }
        }
        try scanner.end()
    }

    private mutating func scanMetadata(_ scanner: inout HeaderScanner) throws(FormatError) {
        try scanner.object { (scanner, key) throws(FormatError) in
            guard metadata.updateValue(try scanner.string(), forKey: key) == nil else {
                throw .duplicateName(file: file, name: key)
            }
        }
    }

    /// Reads `{"dtype": "F32", "shape": [2, 3], "data_offsets": [0, 24]}`, whose members may come in any order.
    private func entry(
        _ name: String, _ scanner: inout HeaderScanner, dataStart: Int, fileEnd: Int
    ) throws(FormatError) -> Entry {
        var dtype: String?
        var shape: [Int]?
        var offsets: [Int]?
        try scanner.object { (scanner, key) throws(FormatError) in
            switch key {
            case "dtype" where dtype == nil: dtype = try scanner.name()
            case "shape" where shape == nil: shape = try scanner.integers()
            case "data_offsets" where offsets == nil: offsets = try scanner.integers()
            default: throw scanner.failure("each of dtype, shape and data_offsets once", found: key.quoted)
            }
        }
        guard let dtype, let shape, let offsets, offsets.count == 2 else {
            throw scanner.failure("dtype, shape and two data_offsets for \(name.quoted)", found: "fewer or more")
        }
        guard let type = StoredDType(rawValue: dtype) else {
            throw .unknownDType(file: file, tensor: name, found: dtype)
        }
        guard let expected = type.byteCount(shape: shape) else {
            throw .shapeOverflow(file: file, tensor: name, shape: shape)
        }
        let (begin, end) = (offsets[0], offsets[1])
        guard end - begin == expected else {
            throw .byteCount(file: file, tensor: name, expected: expected, found: end - begin)
        }
        guard end <= fileEnd - dataStart else {
            throw .dataLength(file: file, expected: end, found: fileEnd - dataStart)
        }
        return .init(name: name, dtype: type, shape: shape, byteRange: dataStart + begin..<dataStart + end)
    }

    private mutating func indexNames() throws(FormatError) {
        positions.reserveCapacity(entries.count)
        for (position, entry) in entries.enumerated() {
            guard positions.updateValue(position, forKey: entry.name) == nil else {
                throw .duplicateName(file: file, name: entry.name)
            }
        }
    }

    /// Checks that the entries cover the data, each byte once.
    private func checkLayout(dataStart: Int, fileEnd: Int) throws(FormatError) {
        var end = dataStart
        for entry in entries {
            guard entry.byteRange.lowerBound == end else {
                throw .dataOffset(
                    file: file, tensor: entry.name, expected: end - dataStart,
                    found: entry.byteRange.lowerBound - dataStart)
            }
            end = entry.byteRange.upperBound
        }
        guard end == fileEnd else {
            throw .dataLength(file: file, expected: end - dataStart, found: fileEnd - dataStart)
        }
    }
}
