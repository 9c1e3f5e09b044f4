public import Foundation
internal import WeightSpaces

extension ImageSet {
    /// Reads images from a file or a folder; content decides which of these it is:
    ///
    /// - IDX (MNIST), with the labels beside it where they are named as MNIST's are; a folder of IDX files is the
    ///   training images followed by the test images, so MNIST is 0..<60000 and 60000..<70000;
    /// - CIFAR-10's binary batches, one or a folder of them, training before test;
    /// - scikit-learn's `digits.csv`;
    /// - a PNG, JPEG, PPM or PGM picture, or a folder of them sorted by name; sub-folders are classes.
    ///
    /// All but PNG and JPEG may be compressed with gzip. A file that is opened is checked to its end, also beyond `range`.
    ///
    /// - Parameters:
    ///   - url: the file or the folder.
    ///   - labels: an IDX label file to use instead of what the source has.
    ///   - range: the images to keep, all by default.
    /// - Throws: `ImageError` for the content, `FileError` for the file system.
    public init(contentsOf url: URL, labels: URL? = nil, range: Range<Int>? = nil) throws {
        let file = url.relativePath
        if let range, range.isEmpty || range.lowerBound < 0 {
            throw ImageError.outOfRange(file: file, requested: range, count: nil)
        }
        var isFolder: ObjCBool = false
        let folder: ImageFolder? =
            FileManager.default.fileExists(atPath: url.path, isDirectory: &isFolder) && isFolder.boolValue
            ? try ImageFolder(url) : nil
        var total = 0
        var joined: ImageRun?
        for source in folder?.sources ?? [ImageSource(url: url)] {
            if labels == nil, let range, total >= range.upperBound { break }
            let run = try source.images(selecting: range.map { $0.lowerBound - total..<$0.upperBound - total })
            total += run.total
            if run.pixels.isEmpty { continue }
            try joined.append(run, file: source.url.relativePath)
        }
        let chosen = range ?? 0..<total
        guard let joined, chosen.upperBound <= total else {
            throw ImageError.outOfRange(file: file, requested: chosen, count: total)
        }
        self.init(
            name: url.lastPathComponent,
            count: chosen.count,
            height: joined.height,
            width: joined.width,
            channels: joined.channels,
            pixels: joined.pixels,
            labels: try labels.map { try ImageSource.labels(from: $0, count: total, selecting: chosen) }
                ?? joined.labels,
            labelNames: labels == nil ? folder?.labelNames : nil
        )
    }
}
