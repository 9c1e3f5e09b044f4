/// The escapes of a JSON string.
enum JSONEscape {
    /// Reads the escape at the start of `text`, which begins with a backslash, as a scalar and its length in bytes.
    ///
    /// `\ud83d\ude00` is one escape; half of such a pair is none, and gives `nil`.
    static func read(_ text: Slice<UnsafeRawBufferPointer>) -> (scalar: Unicode.Scalar, length: Int)? {
        guard let letter = text.dropFirst().first else { return nil }
        if letter != UInt8(ascii: "u") { return single[letter].map { ($0, 2) } }
        guard let unit = codeUnit(text) else { return nil }
        if let scalar = Unicode.Scalar(unit) { return (scalar, 6) }
        guard let next = codeUnit(text.dropFirst(6)) else { return nil }
        let pair = [unit, next]
        guard UTF16.isLeadSurrogate(unit), UTF16.isTrailSurrogate(next) else { return nil }
        return (UTF16.decode(UTF16.EncodedScalar(pair)), 12)
    }

    /// The scalars of `text` as they stand inside a JSON string.
    static func write(_ text: String) -> String {
        var escaped = "\""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\"": escaped += "\\\""
            case "\\": escaped += "\\\\"
            case "\u{0}"..<"\u{10}": escaped += "\\u000\(String(scalar.value, radix: 16))"
            case "\u{10}"..<"\u{20}": escaped += "\\u00\(String(scalar.value, radix: 16))"
            default: escaped.unicodeScalars.append(scalar)
            }
        }
        return escaped + "\""
    }

    private static let single: [UInt8: Unicode.Scalar] = [
        UInt8(ascii: "\""): "\"", UInt8(ascii: "\\"): "\\", UInt8(ascii: "/"): "/", UInt8(ascii: "b"): "\u{8}",
        UInt8(ascii: "f"): "\u{C}", UInt8(ascii: "n"): "\n", UInt8(ascii: "r"): "\r", UInt8(ascii: "t"): "\t",
    ]

    /// The number in `\uXXXX`.
    private static func codeUnit(_ text: Slice<UnsafeRawBufferPointer>) -> UInt16? {
        guard text.starts(with: [UInt8(ascii: "\\"), UInt8(ascii: "u")]) else { return nil }
        let digits = text.dropFirst(2).prefix(4)
        guard digits.count == 4 else { return nil }
        return digits.reduce(0) { (value: UInt16?, digit) in
            guard let value, let nibble = Character(Unicode.Scalar(digit)).hexDigitValue else { return nil }
            return value << 4 | UInt16(nibble)
        }
    }
}
