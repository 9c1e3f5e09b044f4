/// The IDX format of MNIST: big-endian 32-bit header fields, then unsigned bytes.
///
/// Images: 2051, count, rows, columns, pixels. Labels: 2049, count, labels.
///
/// - Source: LeCun, Cortes, Burges, "The MNIST database of handwritten digits".
enum IDX {
    static let imageMagic = 2051
    static let labelMagic = 2049

    /// Reads the images whose number is in `selection`, checking the whole file.
    static func images(from stream: ByteStream, selecting selection: Range<Int>?) throws -> ImageRun {
        try expectMagic(imageMagic, meaning: "images", in: stream)
        let sizes = try (0..<3).map { _ in try number(from: stream) }
        let (count, height, width) = (sizes[0], sizes[1], sizes[2])
        guard sizes.allSatisfy({ $0 > 0 }) else {
            throw ImageError.malformed(
                file: stream.file,
                expected: "a positive number of images, rows and columns",
                found: "\(count) × \(height) × \(width)"
            )
        }
        let perImage = try ImageLimit.samples(height: height, width: width, channels: 1, file: stream.file)
        try expectRoom(for: count, of: perImage, after: 16, meaning: "images", in: stream)
        let chosen = (selection ?? 0..<count).clamped(to: 0..<count)
        try stream.skip(chosen.lowerBound * perImage, of: "images")
        let pixels = try stream.read(chosen.count * perImage, of: "images")
        try stream.skip((count - chosen.upperBound) * perImage, of: "images")
        try stream.expectEnd(after: "\(count) images")
        return ImageRun(total: count, height: height, width: width, channels: 1, pixels: pixels, labels: nil)
    }

    /// Reads all labels.
    static func labels(from stream: ByteStream) throws -> [Int] {
        try expectMagic(labelMagic, meaning: "labels", in: stream)
        let count = try number(from: stream)
        try expectRoom(for: count, of: 1, after: 8, meaning: "labels", in: stream)
        let labels = try stream.read(count, of: "labels")
        try stream.expectEnd(after: "\(count) labels")
        return labels.map(Int.init)
    }

    /// The usual name of the labels beside an image file, nil when the image file is not named the usual way.
    static func labelName(for imageName: String) -> String? {
        guard imageName.contains("images"), imageName.contains("idx3") else { return nil }
        return imageName.replacing("images", with: "labels").replacing("idx3", with: "idx1")
    }

    private static func number(from stream: ByteStream) throws -> Int {
        try stream.read(4, of: "the IDX header").reduce(0) { $0 << 8 | Int($1) }
    }

    private static func expectMagic(_ magic: Int, meaning: String, in stream: ByteStream) throws {
        let found = try number(from: stream)
        guard found == magic else {
            throw ImageError.malformed(
                file: stream.file,
                expected: "the IDX magic number \(magic) of \(meaning)",
                found: "\(found)"
            )
        }
    }

    /// Checks, before anything is allocated, that the file can hold what its header announces.
    private static func expectRoom(
        for count: Int,
        of size: Int,
        after header: Int,
        meaning: String,
        in stream: ByteStream
    ) throws {
        let (bytes, overflow) = count.multipliedReportingOverflow(by: size)
        guard overflow || bytes > stream.largestCount - header else { return }
        throw ImageError.malformed(
            file: stream.file,
            expected: "\(count) \(meaning) of \(size) bytes, as its header says",
            found: "a file that is too short for them"
        )
    }
}
