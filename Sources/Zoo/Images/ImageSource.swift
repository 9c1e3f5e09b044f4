internal import Foundation

/// One file of images.
struct ImageSource {
    var url: URL
    /// The class of all its images, where its folder's name says it.
    var label: Int?
    /// 1 for a picture in a folder: such a file is not opened unless it is wanted. Nil where the file has to tell.
    var knownCount: Int?

    /// Reads the images whose number is in `selection`, nil for all.
    func images(selecting selection: Range<Int>?) throws -> ImageRun {
        if let knownCount, let selection, selection.clamped(to: 0..<knownCount).isEmpty {
            return ImageRun(total: knownCount, height: 0, width: 0, channels: 0, pixels: [], labels: nil)
        }
        let stream = try ByteStream(contentsOf: url)
        if knownCount != nil, try !ImageFormat(of: stream).isPicture {
            throw ImageError.malformed(
                file: stream.file,
                expected: "a PNG, JPEG, PPM or PGM picture, as its name says",
                found: "another format"
            )
        }
        var run = try Self.images(from: stream, selecting: selection)
        if let label { run.labels = [label] }
        if run.labels == nil, let beside = labelsBeside {
            run.labels = try Self.labels(from: beside, count: run.total, selecting: selection)
        }
        return run
    }

    /// Reads the images of a stream, whatever its format.
    static func images(from stream: ByteStream, selecting selection: Range<Int>?) throws -> ImageRun {
        switch try ImageFormat(of: stream) {
        case .idx: try IDX.images(from: stream, selecting: selection)
        case .cifar10: try CIFAR10.images(from: stream, selecting: selection)
        case .digits: try DigitsCSV.images(from: stream, selecting: selection)
        case .png: ImageRun(try PictureDecoder.png.image(from: wholeFile(stream), file: stream.file))
        case .jpeg: ImageRun(try PictureDecoder.jpeg.image(from: wholeFile(stream), file: stream.file))
        case .anymap: ImageRun(try PortableAnymap.image(from: stream))
        }
    }

    /// The IDX labels of `url` for `count` images, of which `selection` is wanted.
    static func labels(from url: URL, count: Int, selecting selection: Range<Int>?) throws -> [Int] {
        let stream = try ByteStream(contentsOf: url)
        let labels = try IDX.labels(from: stream)
        guard labels.count == count else {
            throw ImageError.malformed(
                file: stream.file,
                expected: "\(count) labels, one per image",
                found: "\(labels.count)"
            )
        }
        return Array(labels[(selection ?? 0..<count).clamped(to: 0..<count)])
    }

    /// All bytes of a picture file.
    private static func wholeFile(_ stream: ByteStream) throws -> [UInt8] {
        guard !stream.isCompressed else {
            throw ImageError.unsupported(
                file: stream.file, found: "a PNG or JPEG inside gzip", fix: "decompress it first")
        }
        guard stream.largestCount <= ImageLimit.fileBytes else {
            throw ImageError.tooLarge(
                file: stream.file,
                limit: "\(ImageLimit.fileBytes) bytes for a picture",
                found: "\(stream.largestCount)"
            )
        }
        return try stream.read(stream.largestCount, of: "a picture")
    }

    /// The label file that lies beside an IDX image file, compressed or not.
    private var labelsBeside: URL? {
        guard let name = IDX.labelName(for: url.lastPathComponent) else { return nil }
        let plain = name.hasSuffix(".gz") ? String(name.dropLast(3)) : name
        return [name, plain, plain + ".gz"]
            .map { url.deletingLastPathComponent().appendingPathComponent($0) }
            .first { FileManager.default.fileExists(atPath: $0.path) }
    }
}
