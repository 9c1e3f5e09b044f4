/// Takes comma-separated values byte by byte.
struct CSVParser {
    private(set) var header: [String]?
    /// The cells after the header.
    private(set) var text: [UInt8] = []
    /// Where each of these cells ends in ``text``.
    private(set) var ends: [UInt32] = []

    private enum State { case startOfCell, plain, quoted, afterQuote, afterReturn }

    private let file: String
    private var state = State.startOfCell
    private var line = 1
    /// Whether the present line has anything but spaces.
    private var hasContent = false
    /// Where the present line begins, in ``text`` and in ``ends``.
    private var start = (text: 0, cells: 0)

    init(file: String) { self.file = file }

    mutating func take(_ byte: UInt8) throws(ImportError) {
        switch (state, byte) {
        case (.startOfCell, UInt8(ascii: " ")), (.afterQuote, UInt8(ascii: " ")): return
        case (.startOfCell, UInt8(ascii: "\"")): state = .quoted
        case (.startOfCell, UInt8(ascii: ",")), (.plain, UInt8(ascii: ",")), (.afterQuote, UInt8(ascii: ",")):
            endCell()
            state = .startOfCell
        case (.quoted, UInt8(ascii: "\"")): state = .afterQuote
        case (.quoted, _): text.append(byte)
        case (.afterQuote, UInt8(ascii: "\"")):
            text.append(byte)
            state = .quoted
        case (.afterReturn, 0x0A), (.startOfCell, 0x0A), (.plain, 0x0A), (.afterQuote, 0x0A):
            endCell()
            try endLine()
            state = .startOfCell
            return
        case (.afterReturn, _): throw failure("a line feed after a carriage return", "another byte")
        case (_, 0x0D):
            state = .afterReturn
            return
        case (.afterQuote, _): throw failure("a comma or the end of the line after a closing quote", "more text")
        case (.plain, UInt8(ascii: "\"")): throw failure("quotes around a whole cell", "one inside of it")
        default:
            text.append(byte)
            state = .plain
        }
        hasContent = true
    }

    /// Ends the last line where that has not been done.
    mutating func finish() throws(ImportError) {
        switch state {
        case .quoted: throw failure("a closing quote", "the end of the file")
        case .afterReturn: throw failure("a line feed after a carriage return", "the end of the file")
        case .startOfCell where ends.count == start.cells: break
        case .startOfCell, .plain, .afterQuote:
            endCell()
            try endLine()
        }
    }

    private mutating func endCell() { ends.append(UInt32(text.count)) }

    private mutating func endLine() throws(ImportError) {
        defer {
            start = (text.count, ends.count)
            line += 1
            hasContent = false
        }
        guard String(validating: text[start.text...], as: UTF8.self) != nil else {
            throw failure("UTF-8", "other bytes")
        }
        let count = ends.count - start.cells
        if let header {
            if !hasContent, header.count > 1 {
                ends.removeLast(count)
                return
            }
            guard count == header.count else { throw failure("\(header.count) cells", "\(count)") }
        } else {
            try takeHeader()
        }
    }

    private mutating func takeHeader() throws(ImportError) {
        if !hasContent { throw failure("column names", "an empty line") }
        let names = zip([0] + ends, ends).map { cell in
            var name = String(decoding: text[Int(cell.0)..<Int(cell.1)], as: UTF8.self)
            while name.last == " " { name.removeLast() }
            return name
        }
        let others = names.count == 1 ? [(";", "semicolons"), ("\t", "tabs")] : []
        for (separator, word) in others where names[0].contains(separator) {
            throw failure(
                "commas between cells", "\(word); write the table with commas, and with points in numbers such as 0.5")
        }
        header = names
        text = []
        ends = []
    }

    private func failure(_ expected: String, _ found: String) -> ImportError {
        .malformed(file: file, expected: "\(expected) in line \(line)", found: found)
    }
}
