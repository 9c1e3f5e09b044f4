/// Reads the one kind of Python literal that describes an array:
/// `{'descr': '<f4', 'fortran_order': False, 'shape': (3, 4), }`.
struct PythonScanner {
    private let text: UnsafeRawBufferPointer
    private let part: String
    private let file: String
    private var position = 0

    /// - Parameter part: what the text belongs to, for messages.
    init(_ text: UnsafeRawBufferPointer, part: String, file: String) {
        (self.text, self.part, self.file) = (text, part, file)
    }

    /// Reads the three members, in any order.
    ///
    /// - Returns: no descriptor for an array of records, whose type is a list.
    mutating func arrayDescription() throws(FormatError) -> (descriptor: String?, isColumnMajor: Bool, shape: [Int]) {
        var (descriptor, isColumnMajor, shape): (String?, Bool?, [Int]?)
        try take("{")
        while !skip("}") {
            let key = try string()
            try take(":")
            switch key {
            case "descr" where descriptor == nil:
                // What follows the list of a record's fields is not looked at.
                if skip("[") { return (nil, false, []) }
                descriptor = try string()
            case "fortran_order" where isColumnMajor == nil: isColumnMajor = try boolean()
            case "shape" where shape == nil: shape = try tuple()
            default: throw failure("each of descr, fortran_order and shape once", key.quoted)
            }
            if !skip(",") {
                try take("}")
                break
            }
        }
        skipSpace()
        guard position == text.count else { throw failure("only spaces after the header's '}'") }
        guard let descriptor, let isColumnMajor, let shape else {
            throw failure("descr, fortran_order and shape", "fewer")
        }
        return (descriptor, isColumnMajor, shape)
    }

    private mutating func string() throws(FormatError) -> String {
        skipSpace()
        guard let quote = peek(), quote == UInt8(ascii: "'") || quote == UInt8(ascii: "\"") else {
            throw failure("a string")
        }
        let rest = text[(position + 1)...]
        guard let end = rest.firstIndex(of: quote), let value = String(validating: rest[..<end], as: UTF8.self),
            !rest[..<end].contains(UInt8(ascii: "\\"))
        else { throw failure("a string without escapes") }
        position = end + 1
        return value
    }

    private mutating func boolean() throws(FormatError) -> Bool {
        skipSpace()
        for (word, value) in [("True", true), ("False", false)] where text[position...].starts(with: word.utf8) {
            position += word.utf8.count
            return value
        }
        throw failure("True or False")
    }

    /// Reads `(3, 4)`, `(3,)` or `()`.
    private mutating func tuple() throws(FormatError) -> [Int] {
        try take("(")
        var values: [Int] = []
        while !skip(")") {
            guard values.count < HeaderScanner.highestRank else {
                throw failure("at most \(HeaderScanner.highestRank) extents")
            }
            values.append(try integer())
            if !skip(",") {
                try take(")")
                break
            }
        }
        return values
    }

    private mutating func integer() throws(FormatError) -> Int {
        skipSpace()
        let digits = text[position...].prefix { UInt8(ascii: "0")...UInt8(ascii: "9") ~= $0 }
        guard digits.count <= 19, let value = Int(String(decoding: digits, as: UTF8.self)) else {
            throw failure("an integer below 2^63")
        }
        position = digits.endIndex
        // Python 2 wrote the letter after long integers.
        _ = skip("L")
        return value
    }

    private mutating func take(_ symbol: Unicode.Scalar) throws(FormatError) {
        guard skip(symbol) else { throw failure("'\(symbol)'") }
    }

    private mutating func skip(_ symbol: Unicode.Scalar) -> Bool {
        skipSpace()
        guard peek() == UInt8(ascii: symbol) else { return false }
        position += 1
        return true
    }

    private mutating func skipSpace() {
        while let byte = peek(), byte == 0x20 || byte == 0x0A { position += 1 }
    }

    private func peek() -> UInt8? { position < text.count ? text[position] : nil }

    private func failure(_ expected: String, _ found: String? = nil) -> FormatError {
        let symbol = peek().map { "'\(String(Unicode.Scalar($0)).oneLine())'" } ?? "the end of the header"
        return .malformed(file: file, part: part, expected: "\(expected) in its header", found: found ?? symbol)
    }
}
