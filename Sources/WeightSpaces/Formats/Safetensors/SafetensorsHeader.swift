/// The checked header of a safetensors file: which tensor lies where.
///
/// A file is the header's length (8 bytes, little-endian), the header (JSON, padded by spaces), and the data, in which
/// the tensors lie end to end: without overlap, hole or rest. Further fields of an entry mean nothing; names that occur
/// twice, which the format forbids and other readers resolve as they like, are refused.
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
    /// Tensors of types whose elements are no whole bytes: what they hold, by name.
    private(set) var passedOver: [String: String] = [:]
    private(set) var metadata: [String: String] = [:]
    /// The index in `entries` of each name.
    private(set) var positions: [String: Int] = [:]

    private let file: String
    /// Where the tensors lie that are not read.
    private var passedOverRanges: [(name: String, range: Range<Int>)] = []
    /// The bits of an element, for the types whose elements are no whole bytes.
    private static let bitCounts = ["F4": 4, "F6_E2M3": 6, "F6_E3M2": 6]

    /// Whether a file with these first bytes has a header of less than 4 GiB that begins as one.
    static func isStart(_ front: [UInt8]) -> Bool {
        guard front.count > lengthBytes, front[4..<lengthBytes].allSatisfy({ $0 == 0 }) else { return false }
        return front[lengthBytes...].first { ![0x20, 0x0A, 0x0D, 0x09].contains($0) } == UInt8(ascii: "{")
    }

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
                try scanEntry(name, &scanner, dataStart: dataStart, fileEnd: fileEnd)
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
        if scanner.null() { return }
        try scanner.object { (scanner, key) throws(FormatError) in
            guard metadata.updateValue(try scanner.string(), forKey: key) == nil else {
                throw .duplicateName(file: file, name: key)
            }
        }
    }

    /// Reads `{"dtype": "F32", "shape": [2, 3], "data_offsets": [0, 24]}`, whose members may come in any order.
    private mutating func scanEntry(
        _ name: String, _ scanner: inout HeaderScanner, dataStart: Int, fileEnd: Int
    ) throws(FormatError) {
        var dtype: String?
        var shape: [Int]?
        var offsets: [Int]?
        try scanner.object { (scanner, key) throws(FormatError) in
            switch key {
            case "dtype" where dtype == nil: dtype = try scanner.name()
            case "shape" where shape == nil: shape = try scanner.integers()
            case "data_offsets" where offsets == nil: offsets = try scanner.integers()
            case "dtype", "shape", "data_offsets":
                throw scanner.failure("each of dtype, shape and data_offsets once", found: key.quoted)
            default: try scanner.passValue()
            }
        }
        guard let dtype, let shape, let offsets, offsets.count == 2 else {
            throw scanner.failure("dtype, shape and two data_offsets for \(name.quoted)", found: "fewer or more")
        }
        let type = StoredDType(rawValue: dtype)
        guard type != nil || Self.bitCounts[dtype] != nil else {
            throw .unknownDType(file: file, tensor: name, found: dtype)
        }
        guard let expected = type?.byteCount(shape: shape) ?? Self.byteCount(bits: Self.bitCounts[dtype], shape: shape)
        else { throw .shapeOverflow(file: file, tensor: name, shape: shape) }
        let (begin, end) = (offsets[0], offsets[1])
        guard end - begin == expected else {
            throw .byteCount(file: file, tensor: name, expected: expected, found: end - begin)
        }
        guard end <= fileEnd - dataStart else {
            throw .dataLength(file: file, expected: end, found: fileEnd - dataStart)
        }
        let range = dataStart + begin..<dataStart + end
        if let type {
            entries.append(.init(name: name, dtype: type, shape: shape, byteRange: range))
        } else if passedOver.updateValue("elements of type \(dtype), shape \(shape)", forKey: name) == nil {
            passedOverRanges.append((name, range))
        } else {
            throw .duplicateName(file: file, name: name)
        }
    }

    /// The bytes of `∏ shape` elements of `bits` each, the last one begun counted whole, or `nil` where they are too many.
    private static func byteCount(bits: Int?, shape: [Int]) -> Int? {
        guard let bits, let count = StoredDType.uint8.byteCount(shape: shape), count <= .max / bits - 8 else {
            return nil
        }
        return (count * bits + 7) / 8
    }

    private mutating func indexNames() throws(FormatError) {
        positions.reserveCapacity(entries.count)
        for (position, entry) in entries.enumerated() {
            guard positions.updateValue(position, forKey: entry.name) == nil, passedOver[entry.name] == nil else {
                throw .duplicateName(file: file, name: entry.name)
            }
        }
    }

    /// Checks that the entries cover the data, each byte once.
    private func checkLayout(dataStart: Int, fileEnd: Int) throws(FormatError) {
        var end = dataStart
        func check(_ name: String, _ range: Range<Int>) throws(FormatError) {
            guard range.lowerBound == end else {
                throw .dataOffset(
                    file: file, tensor: name, expected: end - dataStart, found: range.lowerBound - dataStart)
            }
            end = range.upperBound
        }
        func isBefore(_ a: Range<Int>, _ b: Range<Int>) -> Bool {
            (a.lowerBound, a.upperBound) < (b.lowerBound, b.upperBound)
        }
        var others = passedOverRanges.sorted { isBefore($0.range, $1.range) }[...]
        for entry in entries {
            while let other = others.first, isBefore(other.range, entry.byteRange) {
                try check(other.name, other.range)
                others.removeFirst()
            }
            try check(entry.name, entry.byteRange)
        }
        for other in others { try check(other.name, other.range) }
        guard end == fileEnd else {
            throw .dataLength(file: file, expected: end - dataStart, found: fileEnd - dataStart)
        }
    }
}
