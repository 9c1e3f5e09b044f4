/// Reads the part of JSON that safetensors headers and indices use: objects, strings, and lists of non-negative integers.
///
/// Stricter than a general parser: it sees repeated keys, takes no other kind of value, and never recurses, so no text
/// can exhaust the stack. What it allocates is never longer than the text it has read.
struct HeaderScanner {
    /// Comparing two strings by Unicode's rules costs, at worst, the square of their length: names are kept short.
    static let longestName = 1_024
    /// No tensor library goes higher.
    static let highestRank = 64

    private let text: UnsafeRawBufferPointer
    private let file: String
    private let origin: Int
    private var position = 0

    /// - Parameters:
    ///   - text: the header, padding included.
    ///   - origin: where the header begins in the file, for messages.
    init(_ text: UnsafeRawBufferPointer, origin: Int, file: String) {
        self.text = text
        self.origin = origin
        self.file = file
    }

    /// Reads `{"key": value, …}`; `visit` reads each value.
    mutating func object(
        _ visit: (inout HeaderScanner, _ key: String) throws(FormatError) -> Void
    ) throws(FormatError) {
        try take("{", expected: "'{'")
        if skip("}") { return }
        repeat {
            let key = try name()
            try take(":", expected: "':'")
            try visit(&self, key)
        } while skip(",")
        try take("}", expected: "',' or '}'")
    }

    /// Reads `[3, 5, …]`, at most `highestRank` numbers.
    mutating func integers() throws(FormatError) -> [Int] {
        try take("[", expected: "'['")
        if skip("]") { return [] }
        var values: [Int] = []
        repeat {
            guard values.count < Self.highestRank else { throw failure("at most \(Self.highestRank) numbers") }
            values.append(try integer())
        } while skip(",")
        try take("]", expected: "',' or ']'")
        return values
    }

    /// Passes over `null`, if it stands here.
    mutating func null() -> Bool {
        skipSpace()
        guard text[position...].starts(with: "null".utf8) else { return false }
        position += 4
        return true
    }

    /// Reads a string of at most `longestName` bytes.
    mutating func name() throws(FormatError) -> String {
        skipSpace()
        let start = position
        let name = try string()
        guard name.utf8.count <= Self.longestName else {
            throw failure("a name of at most \(Self.longestName) bytes", found: "\(name.utf8.count)", at: start)
        }
        return name
    }

    /// Reads a string of any length.
    mutating func string() throws(FormatError) -> String {
        try take("\"", expected: "a string")
        let start = position
        var isPlain = true
        while let byte = peek(), byte != UInt8(ascii: "\"") {
            guard byte >= 0x20 else { throw failure("'\"' to end the string") }
            position += 1
            if byte == UInt8(ascii: "\\") {
                isPlain = false
                position += 1
            }
        }
        guard peek() != nil else { throw failure("'\"' to end the string", found: "the end of the header") }
        let raw = UnsafeRawBufferPointer(rebasing: text[start..<position])
        position += 1
        let decoded = isPlain ? String(validating: raw, as: UTF8.self) : try unescaped(raw, from: start)
        guard let decoded else { throw failure("UTF-8", found: "other bytes", at: start) }
        return decoded
    }

    /// Passes over a value of any kind, inside which only strings and brackets are looked at, in bounded depth.
    mutating func passValue() throws(FormatError) {
        var depth = 0
        repeat {
            skipSpace()
            switch peek() {
            case UInt8(ascii: "\""): _ = try string()
            case UInt8(ascii: "{"), UInt8(ascii: "["):
                guard depth < Self.deepestValue else { throw failure("at most \(Self.deepestValue) levels") }
                depth += 1
                position += 1
            case UInt8(ascii: "}"), UInt8(ascii: "]"):
                guard depth > 0 else { throw failure("a value") }
                depth -= 1
                position += 1
            case UInt8(ascii: ","), UInt8(ascii: ":"):
                guard depth > 0 else { throw failure("a value") }
                position += 1
            case nil: throw failure("a value")
            default:
                while let byte = peek(), !Self.marks.contains(byte) { position += 1 }
            }
        } while depth > 0
    }

    private static let deepestValue = 128
    private static let marks = Array("\"{}[],: \n\r\t".utf8)

    /// Checks that only space follows.
    mutating func end() throws(FormatError) {
        skipSpace()
        guard peek() == nil else { throw failure("only spaces after the header's '}'") }
    }

    /// The error for what stands at `offset`, or here.
    func failure(_ expected: String, found: String? = nil, at offset: Int? = nil) -> FormatError {
        let offset = offset ?? position
        return .syntax(file: file, offset: origin + offset, expected: expected, found: found ?? symbol(at: offset))
    }

    private mutating func integer() throws(FormatError) -> Int {
        skipSpace()
        let start = position
        var value = 0
        while let byte = peek(), UInt8(ascii: "0")...UInt8(ascii: "9") ~= byte {
            let (scaled, exceeded) = value.multipliedReportingOverflow(by: 10)
            let (sum, exceededAgain) = scaled.addingReportingOverflow(Int(byte - UInt8(ascii: "0")))
            guard !exceeded, !exceededAgain else {
                throw failure("an integer below 2^63", found: "a larger one", at: start)
            }
            value = sum
            position += 1
        }
        guard position > start else { throw failure("a non-negative integer") }
        guard position == start + 1 || text[start] != UInt8(ascii: "0") else {
            throw failure("an integer without leading zeros", at: start)
        }
        return value
    }

    /// Resolves the escapes of `raw`, or returns `nil` when it is not UTF-8.
    private func unescaped(_ raw: UnsafeRawBufferPointer, from start: Int) throws(FormatError) -> String? {
        var decoded: [UInt8] = []
        decoded.reserveCapacity(raw.count)
        var index = 0
        while index < raw.count {
            let byte = raw[index]
            if byte != UInt8(ascii: "\\") {
                decoded.append(byte)
                index += 1
            } else if let (scalar, length) = JSONEscape.read(raw[index...]) {
                decoded.append(contentsOf: UTF8.encode(scalar)!)
                index += length
            } else {
                throw failure("an escape of JSON, with surrogates in pairs", at: start + index)
            }
        }
        return String(validating: decoded, as: UTF8.self)
    }

    private mutating func take(_ symbol: Unicode.Scalar, expected: String) throws(FormatError) {
        guard skip(symbol) else { throw failure(expected) }
    }

    private mutating func skip(_ symbol: Unicode.Scalar) -> Bool {
        skipSpace()
        guard peek() == UInt8(ascii: symbol) else { return false }
        position += 1
        return true
    }

    private mutating func skipSpace() {
        while let byte = peek(), byte == 0x20 || byte == 0x0A || byte == 0x0D || byte == 0x09 { position += 1 }
    }

    private func peek() -> UInt8? {
        position < text.count ? text[position] : nil
    }

    private func symbol(at offset: Int) -> String {
        guard offset < text.count else { return "the end of the header" }
        let byte = text[offset]
        return 0x20..<0x7F ~= byte ? "'\(Unicode.Scalar(byte))'" : "byte 0x\(String(byte, radix: 16))"
    }
}
