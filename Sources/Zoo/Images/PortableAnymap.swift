/// PPM and PGM: colour and grey pictures of the Netpbm family, as bytes (P6, P5) or as text (P3, P2).
///
/// Samples are scaled to 0…255 by `255 v / maximum`, rounded.
///
/// - Source: the Netpbm manual, pages ppm(5) and pgm(5).
enum PortableAnymap {
    static func image(from stream: ByteStream) throws -> Image {
        let kind = try stream.read(2, of: "the header")
        guard let channels = [0x32: 1, 0x35: 1, 0x33: 3, 0x36: 3][Int(kind[1])] else {
            throw ImageError.unsupported(
                file: stream.file,
                found: "a \(String(decoding: kind, as: UTF8.self)) picture",
                fix: "convert it to PPM or PGM"
            )
        }
        let isText = kind[1] < 0x35
        let width = try number(of: "the width", below: 1 << 31, from: stream)
        let height = try number(of: "the height", below: 1 << 31, from: stream)
        let maximum = try number(of: "the largest sample", below: 1 << 16, from: stream)
        guard width > 0, height > 0, maximum > 0 else {
            throw ImageError.malformed(
                file: stream.file,
                expected: "a positive width, height and largest sample",
                found: "\(width) × \(height), \(maximum)"
            )
        }
        let count = try ImageLimit.samples(height: height, width: width, channels: channels, file: stream.file)
        let sampleBytes = maximum > 255 ? 2 : 1
        guard count * (isText ? 2 : sampleBytes) <= stream.largestCount else {
            throw ImageError.malformed(
                file: stream.file,
                expected: "\(width) × \(height) samples of \(channels) channels, as its header says",
                found: "a file that is too short for them"
            )
        }
        func scaled(_ sample: Int) throws -> UInt8 {
            guard sample <= maximum else {
                throw ImageError.malformed(file: stream.file, expected: "samples up to \(maximum)", found: "\(sample)")
            }
            return UInt8((2 * 255 * sample + maximum) / (2 * maximum))
        }
        let pixels: [UInt8]
        if isText {
            pixels = try (0..<count).map { _ in try scaled(number(of: "a sample", below: 1 << 16, from: stream)) }
            while let byte = try stream.peek(1).first, isSpace(byte) { _ = try stream.readByte(of: "space") }
        } else {
            let bytes = try stream.read(count * sampleBytes, of: "samples")
            pixels =
                sampleBytes == 1
                ? try bytes.map { try scaled(Int($0)) }
                : try (0..<count).map { try scaled(Int(bytes[2 * $0]) << 8 | Int(bytes[2 * $0 + 1])) }
        }
        try stream.expectEnd(after: "\(width) × \(height) pixels")
        return Image(height: height, width: width, channels: channels, pixels: pixels)
    }

    /// A decimal number after white space and comments, and the one space behind it.
    private static func number(of meaning: String, below limit: Int, from stream: ByteStream) throws -> Int {
        var value: Int?
        while let byte = try stream.peek(1).first {
            _ = try stream.readByte(of: meaning)
            if (0x30...0x39).contains(byte) {
                value = (value ?? 0) * 10 + Int(byte - 0x30)
                if let value, value >= limit { break }
            } else if byte == UInt8(ascii: "#"), value == nil {
                while let next = try stream.peek(1).first, next != 0x0A, next != 0x0D {
                    _ = try stream.readByte(of: "a comment")
                }
            } else if !isSpace(byte) {
                break
            } else if let value {
                return value
            }
        }
        // The last sample of a text file may end the file.
        if let value, value < limit, try stream.peek(1).isEmpty { return value }
        throw ImageError.malformed(
            file: stream.file,
            expected: "\(meaning), a decimal number below \(limit)",
            found: "something else"
        )
    }

    private static func isSpace(_ byte: UInt8) -> Bool {
        byte == 0x20 || (0x09...0x0D).contains(byte)
    }
}
