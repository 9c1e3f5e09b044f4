/// A cell of a table as people and programs write them, unless it says that there is nothing.
///
/// A number is written as programs write it: `0.5`, `1e-05`, `-3`, `.5`, `inf`; what has zeros in front, such as `007`, is a
/// name, and so is a whole number that does not fit in 63 bits.
struct TableCell {
    /// Without spaces around it.
    let text: String

    /// What stands for a missing value, as in pandas and R.
    private static let missing: Set<String> = [
        "", "na", "n/a", "#n/a", "<na>", "nan", "-nan", "+nan", "none", "null", "nil",
    ]
    private static let infinities: [String: Double] = [
        "inf": .infinity, "+inf": .infinity, "-inf": -.infinity, "infinity": .infinity, "+infinity": .infinity,
        "-infinity": -.infinity,
    ]

    /// Nil for what is missing.
    init?(_ cell: String) {
        var part = cell[...]
        while let first = part.first, first.isWhitespace { part.removeFirst() }
        while let last = part.last, last.isWhitespace { part.removeLast() }
        guard part.utf8.count > 5 || !Self.missing.contains(part.lowercased()) else { return nil }
        text = String(part)
    }

    /// `TRUE`, `True`, `false`, ….
    var truth: Bool? {
        switch text.lowercased() {
        case "true": true
        case "false": false
        default: nil
        }
    }

    var integer: Int? {
        let digits = unsigned
        return digits.allSatisfy(\.isDigit) && isPlain(digits) ? Int(text) : nil
    }

    /// The cell as a number, finite or not.
    var real: Double? {
        let digits = unsigned
        guard let first = digits.first else { return nil }
        guard first.isDigit || first == UInt8(ascii: ".") else { return Self.infinities[text.lowercased()] }
        if digits.allSatisfy(\.isDigit) { return integer.map(Double.init) }
        let isNumeral = digits.allSatisfy { $0.isDigit || "+-.eE".utf8.contains($0) }
        return isNumeral && isPlain(digits) && digits.contains(where: \.isDigit) ? Double(text) : nil
    }

    /// `0,5`, as it is written in much of the world.
    var hasDecimalComma: Bool {
        text.utf8.count(where: { $0 == UInt8(ascii: ",") }) == 1
            && TableCell(text.replacing(",", with: "."))?.real != nil
    }

    private var unsigned: Substring.UTF8View {
        let isSigned = text.utf8.first.map { "+-".utf8.contains($0) } ?? false
        return text.dropFirst(isSigned ? 1 : 0).utf8
    }

    /// Whether there is no zero in front of another digit.
    private func isPlain(_ digits: Substring.UTF8View) -> Bool {
        guard let first = digits.first else { return false }
        return first != UInt8(ascii: "0") || !(digits.dropFirst().first?.isDigit ?? false)
    }
}

extension UInt8 {
    fileprivate var isDigit: Bool { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(self) }
}
