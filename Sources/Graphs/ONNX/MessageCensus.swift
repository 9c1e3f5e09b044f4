/// Bounds what decoding a model can cost, before anything is decoded.
///
/// A message takes a few hundred bytes of memory but as little as two in the file. Real models need some forty bytes for
/// each, so a file that has more than one in 32 bytes is refused, except for the first 65,536. Comparing two strings by
/// Unicode's rules costs, at worst, the square of their length, so names are kept short.
struct MessageCensus {
    static let deepest = 64
    static let longestName = 1_024

    private let bytes: UnsafeRawBufferPointer
    private let file: String
    private let limit: Int
    private var count = 0

    /// Walks through `bytes`, which is the whole file.
    ///
    /// - Throws: ``ONNXError`` when they are not messages, or too many.
    static func check(_ bytes: UnsafeRawBufferPointer, file: String) throws(ONNXError) {
        var census = MessageCensus(bytes, file: file)
        try census.walk(0..<bytes.count, .model, depth: 1)
    }

    static func limit(for byteCount: Int) -> Int { 65_536 + byteCount / 32 }

    private init(_ bytes: UnsafeRawBufferPointer, file: String) {
        self.bytes = bytes
        self.file = file
        limit = Self.limit(for: bytes.count)
    }

    private mutating func walk(_ range: Range<Int>, _ kind: ONNXMessage, depth: Int) throws(ONNXError) {
        count += 1
        guard count <= limit else { throw .tooLarge(file: file, what: "messages", limit: limit) }
        guard depth <= Self.deepest else { throw .tooLarge(file: file, what: "levels of nesting", limit: Self.deepest) }
        var position = range.lowerBound
        while position < range.upperBound {
            let start = position
            let tag = try varint(&position, end: range.upperBound)
            guard let field = Int(exactly: tag >> 3), field > 0, field < 1 << 29 else {
                throw .malformed(file: file, offset: start, expected: "a field's number")
            }
            var size = 0
            switch tag & 7 {
            case 0: _ = try varint(&position, end: range.upperBound)
            case 1: size = 8
            case 2: size = Int(clamping: try varint(&position, end: range.upperBound))
            case 5: size = 4
            default: throw .malformed(file: file, offset: start, expected: "a field of a known kind")
            }
            guard size <= range.upperBound - position else {
                throw .malformed(file: file, offset: start, expected: "a field that ends where its message does")
            }
            if tag & 7 == 2, kind.names.contains(field), size > Self.longestName {
                throw .tooLarge(file: file, what: "bytes in a name", limit: Self.longestName)
            }
            if tag & 7 == 2, let child = kind.child(field) {
                try walk(position..<position + size, child, depth: depth + 1)
            }
            position += size
        }
    }

    private func varint(_ position: inout Int, end: Int) throws(ONNXError) -> UInt64 {
        let start = position
        var value: UInt64 = 0
        for shift in stride(from: 0, to: 64, by: 7) where position < end {
            let byte = bytes[position]
            position += 1
            value |= UInt64(byte & 0x7F) << UInt64(shift)
            if byte < 0x80 { return value }
        }
        throw .malformed(file: file, offset: start, expected: "an integer of at most ten bytes")
    }
}

/// The messages of `onnx.proto`, and which of their fields hold which others.
private enum ONNXMessage {
    case model, operatorSet, graph, function, node, attribute, tensor, sparseTensor, entry, value, type, tensorType
    case shape, dimension

    func child(_ field: Int) -> ONNXMessage? {
        switch (self, field) {
        case (.model, 7), (.attribute, 6), (.attribute, 11): .graph
        case (.model, 8), (.function, 9): .operatorSet
        case (.model, 25): .function
        case (.graph, 1), (.function, 7): .node
        case (.graph, 5), (.attribute, 5), (.attribute, 10), (.sparseTensor, 1): .tensor
        case (.graph, 11), (.graph, 12): .value
        case (.graph, 15): .sparseTensor
        case (.function, 11), (.node, 5): .attribute
        case (.tensor, 13): .entry
        case (.value, 2): .type
        case (.type, 1): .tensorType
        case (.tensorType, 2): .shape
        case (.shape, 1): .dimension
        default: nil
        }
    }

    /// The fields whose texts are compared with others.
    var names: [Int] {
        switch self {
        case .operatorSet, .value: [1]
        case .function: [1, 4, 5, 6, 10, 13]
        case .node: [1, 2, 4, 7, 8]
        case .attribute: [1, 21]
        case .tensor: [8]
        case .entry: [1, 2]
        case .dimension: [2]
        default: []
        }
    }
}
