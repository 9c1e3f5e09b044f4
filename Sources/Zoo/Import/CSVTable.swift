internal import Foundation
internal import WeightSpaces

/// A file of comma-separated values with a header, plain or gzip.
///
/// - Source: RFC 4180; lines may also end with a line feed alone, and a byte order mark is passed over.
struct CSVTable {
    /// The file's name in messages.
    let file: String
    /// The cells of the header.
    let columns: [String]
    /// The lines after the header.
    let rowCount: Int

    /// All cells after the header, one after the other, without quotes.
    private let text: [UInt8]
    /// Where each of these cells ends.
    private let ends: [UInt32]

    /// How many bytes of text are read at most.
    static let longest = 1 << 30
    private static let chunk = 1 << 16

    /// - Throws: `FileError`; `ImageError` for damaged gzip; ``ImportError`` naming the line that breaks the format.
    init(contentsOf url: URL) throws {
        let stream = try ByteStream(contentsOf: url)
        var parser = CSVParser(file: stream.file)
        if try stream.peek(3) == [0xEF, 0xBB, 0xBF] { try stream.skip(3, of: "text") }
        var count = 0
        while case let chunk = try stream.peek(Self.chunk).prefix(Self.chunk), !chunk.isEmpty {
            count += chunk.count
            guard count <= Self.longest else {
                throw ImportError.malformed(
                    file: stream.file, expected: "at most \(Self.longest) bytes", found: "more; split the source")
            }
            for byte in chunk { try parser.take(byte) }
            try stream.skip(chunk.count, of: "text")
        }
        try parser.finish()
        guard let columns = parser.header else {
            throw ImportError.malformed(file: stream.file, expected: "a line of column names", found: "an empty file")
        }
        file = stream.file
        self.columns = columns
        rowCount = parser.ends.count / columns.count
        text = parser.text
        ends = parser.ends
    }

    /// A cell.
    subscript(row: Int, column: Int) -> String {
        let cell = row * columns.count + column
        return String(decoding: text[(cell == 0 ? 0 : Int(ends[cell - 1]))..<Int(ends[cell])], as: UTF8.self)
    }

    /// The number of a column.
    ///
    /// - Throws: ``ImportError`` when there is none of that name, or several.
    func column(_ name: String) throws -> Int {
        let found = columns.indices.filter { columns[$0] == name }
        guard found.count == 1 else {
            throw ImportError.malformed(
                file: file, expected: "one column called \(name)",
                found: found.isEmpty ? columns.joined(separator: ",") : "\(found.count)")
        }
        return found[0]
    }
}
