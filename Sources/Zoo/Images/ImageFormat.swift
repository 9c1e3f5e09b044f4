/// The formats that images are read from, told apart by how a file starts.
enum ImageFormat {
    case idx, cifar10, digits, png, jpeg, anymap

    /// The format of a stream, which is left at its start.
    ///
    /// CIFAR-10 has no signature, only a first label below 10; where its first image could be the signature of IDX, a
    /// `.bin` in the file's name decides.
    ///
    /// - Throws: `ImageError.unknownFormat` naming the first bytes.
    init(of stream: ByteStream) throws {
        let start = Array(try stream.peek(8))
        if start == [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A] {
            self = .png
        } else if start.starts(with: [0xFF, 0xD8, 0xFF]) {
            self = .jpeg
        } else if start.count > 1, start[0] == UInt8(ascii: "P"), (0x31...0x37).contains(start[1]) {
            self = .anymap
        } else if let first = start.first, (0x30...0x39).contains(first) {
            self = .digits
        } else if Self.isIDX(start), !stream.file.contains(".bin") {
            self = .idx
        } else if let first = start.first, first < 10 {
            self = .cifar10
        } else {
            throw ImageError.unknownFormat(
                file: stream.file,
                found: start.isEmpty
                    ? "an empty file"
                    : "a file that starts with the bytes \(start.map { String($0, radix: 16) }.joined(separator: " "))"
            )
        }
    }

    /// True when a file is one picture.
    var isPicture: Bool {
        switch self {
        case .png, .jpeg, .anymap: true
        case .idx, .cifar10, .digits: false
        }
    }

    /// Two zeros, a type, a number of dimensions.
    private static func isIDX(_ start: [UInt8]) -> Bool {
        start.count >= 4 && start[0] == 0 && start[1] == 0 && (8...14).contains(start[2]) && (1...4).contains(start[3])
    }

    /// The endings of picture files in a folder.
    static func isPictureName(_ name: String) -> Bool {
        let name = name.lowercased()
        return [".png", ".jpg", ".jpeg", ".ppm", ".pgm", ".pnm"].contains { name.hasSuffix($0) }
    }
}
