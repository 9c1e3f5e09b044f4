/// The formats that pictures are read from, told apart by how a file starts.
enum ImageFormat {
    case idx

    /// The format of a stream, which is left at its start.
    ///
    /// - Throws: `ImageError.unknownFormat` naming the first bytes.
    init(of stream: ByteStream) throws {
        let start = Array(try stream.peek(8))
        if start.starts(with: [0, 0]), start.count >= 4, [8, 9, 11, 12, 13, 14].contains(start[2]) {
            self = .idx
        } else {
            let bytes = start.map { String($0, radix: 16) }.joined(separator: " ")
            throw ImageError.unknownFormat(
                file: stream.file,
                found: start.isEmpty ? "an empty file" : "a file that starts with bytes \(bytes)"
            )
        }
    }
}
