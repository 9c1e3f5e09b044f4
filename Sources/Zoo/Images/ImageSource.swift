internal import Foundation

/// One file of images.
struct ImageSource {
    var url: URL
    /// The class of all its images, where its folder's name says it.
    var label: Int?
    /// The number of images where it is known without opening the file.
    var knownCount: Int?

    /// Reads the images whose number is in `selection`, nil for all.
    func images(selecting selection: Range<Int>?) throws -> ImageRun {
        if let knownCount, let selection, selection.clamped(to: 0..<knownCount).isEmpty {
            return ImageRun(total: knownCount, height: 0, width: 0, channels: 0, pixels: [], labels: nil)
        }
        let stream = try ByteStream(contentsOf: url)
        var run =
            switch try ImageFormat(of: stream) {
            case .idx: try IDX.images(from: stream, selecting: selection)
            }
        if let label { run.labels = [label] }
        if run.labels == nil, let beside = labelsBeside {
            run.labels = try Self.labels(from: beside, count: run.total, selecting: selection)
        }
        return run
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

    /// The label file that lies beside an IDX image file, compressed or not.
    private var labelsBeside: URL? {
        guard let name = IDX.labelName(for: url.lastPathComponent) else { return nil }
        let plain = name.hasSuffix(".gz") ? String(name.dropLast(3)) : name
        return [name, plain, plain + ".gz"]
            .map { url.deletingLastPathComponent().appendingPathComponent($0) }
            .first { FileManager.default.fileExists(atPath: $0.path) }
    }
}
