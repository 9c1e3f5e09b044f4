internal import Foundation
internal import WeightSpaces

/// A file's bytes from start to end, inflated on the way where the file is gzip.
///
/// Never holds more than one chunk beside what is asked for, so that a small archive cannot fill the memory.
final class ByteStream {
    /// The file's name, for errors.
    let file: String
    private let storedCount: Int
    private let nextChunk: () throws -> [UInt8]
    private let inflater: Inflater?
    private var stored: ArraySlice<UInt8> = []
    private var ready: ArraySlice<UInt8> = []

    /// Deflate shrinks data by no more than this.
    private static let largestRatio = 1032

    init(file: String, storedCount: Int, nextChunk: @escaping () throws -> [UInt8]) throws {
        self.file = file
        self.storedCount = storedCount
        self.nextChunk = nextChunk
        stored = try nextChunk()[...]
        inflater = stored.starts(with: [0x1F, 0x8B]) ? Inflater(.gzip) : nil
    }

    convenience init(bytes: [UInt8], file: String) throws {
        var chunks = [bytes]
        try self.init(file: file, storedCount: bytes.count) { chunks.popLast() ?? [] }
    }

    convenience init(contentsOf url: URL) throws {
        let reader = try FileReader(url)
        try self.init(file: reader.file, storedCount: reader.count, nextChunk: reader.nextChunk)
    }

    var isCompressed: Bool { inflater != nil }

    /// The most bytes that the whole file can stand for; exact when it is not compressed.
    var largestCount: Int {
        inflater == nil ? storedCount : storedCount.multipliedReportingOverflow(by: Self.largestRatio).partialValue
    }

    /// Up to `count` bytes from the front, left in place.
    func peek(_ count: Int) throws -> ArraySlice<UInt8> {
        while ready.count < count {
            let more = try produce()
            if more.isEmpty { break }
            ready = ready + more
        }
        return ready.prefix(count)
    }

    /// Appends `count` bytes to `bytes`.
    ///
    /// - Throws: `ImageError.malformed` naming `content` when the file ends before.
    func read(_ count: Int, of content: String, into bytes: inout [UInt8]) throws {
        try take(count, of: content) { bytes += $0 }
    }

    func read(_ count: Int, of content: String) throws -> [UInt8] {
        var bytes: [UInt8] = []
        try read(count, of: content, into: &bytes)
        return bytes
    }

    func skip(_ count: Int, of content: String) throws {
        try take(count, of: content) { _ in }
    }

    func readByte(of content: String) throws -> UInt8 {
        try read(1, of: content)[0]
    }

    /// The bytes before the next line feed or the end, without a carriage return; nil at the end.
    ///
    /// - Throws: `ImageError.malformed` when the line has more than `limit` bytes.
    func readLine(limit: Int) throws -> ArraySlice<UInt8>? {
        let front = try peek(limit + 1)
        guard !front.isEmpty else { return nil }
        let end = front.firstIndex(of: 0x0A)
        guard end != nil || front.count <= limit else {
            throw ImageError.malformed(file: file, expected: "lines of at most \(limit) bytes", found: "a longer one")
        }
        let line = front[..<(end ?? front.endIndex)]
        ready = ready.dropFirst(line.count + (end == nil ? 0 : 1))
        return line.last == 0x0D ? line.dropLast() : line
    }

    private func take(_ count: Int, of content: String, _ body: (ArraySlice<UInt8>) -> Void) throws {
        var left = count
        while left > 0 {
            if ready.isEmpty { ready = try produce() }
            if ready.isEmpty {
                throw ImageError.malformed(
                    file: file,
                    expected: "\(count) bytes of \(content)",
                    found: "the end after \(count - left)"
                )
            }
            let part = ready.prefix(left)
            body(part)
            ready = ready.dropFirst(part.count)
            left -= part.count
        }
    }

    /// - Throws: `ImageError.malformed` when bytes are left.
    func expectEnd(after content: String) throws {
        guard try peek(1).isEmpty else {
            throw ImageError.malformed(file: file, expected: "the end after \(content)", found: "more bytes")
        }
    }

    /// The next bytes of the content, empty at its end.
    private func produce() throws -> ArraySlice<UInt8> {
        guard let inflater else {
            let chunk = stored
            stored = []
            return chunk.isEmpty ? try nextChunk()[...] : chunk
        }
        while true {
            if stored.isEmpty { stored = try nextChunk()[...] }
            if stored.isEmpty {
                if inflater.isBetweenMembers { return [] }
                throw ImageError.malformed(file: file, expected: "a whole gzip file", found: "one that ends early")
            }
            guard let (consumed, produced) = inflater.inflate(stored) else {
                throw ImageError.malformed(file: file, expected: "intact gzip data", found: "damaged data")
            }
            stored = stored.dropFirst(consumed)
            if !produced.isEmpty { return produced[...] }
        }
    }
}
