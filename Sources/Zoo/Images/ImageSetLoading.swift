public import Foundation

extension ImageSet {
    /// Reads pictures from a file or a folder, whatever its form; content decides, not the name.
    ///
    /// - An IDX file, with the labels beside it where they are named as MNIST's are. A folder of IDX files is the
    ///   training images followed by the test images: MNIST's 0..<60000 and 60000..<70000.
    ///
    /// Each may be compressed with gzip. Every file that is opened is checked to its end, also beyond `range`.
    ///
    /// - Parameters:
    ///   - url: the file or the folder.
    ///   - labels: an IDX label file to use instead of what the source has.
    ///   - range: the images to keep, all by default.
    /// - Throws: `ImageError`.
    public init(contentsOf url: URL, labels: URL? = nil, range: Range<Int>? = nil) throws {
        let file = url.relativePath
        var isFolder: ObjCBool = false
        guard FileManager.default.fileExists(atPath: url.path, isDirectory: &isFolder) else {
            throw ImageError.unreadable(file: file, reason: "no such file or folder")
        }
        if let range, range.isEmpty || range.lowerBound < 0 {
            throw ImageError.outOfRange(file: file, requested: range, count: 0)
        }
        let sources = isFolder.boolValue ? try ImageFolder(url).sources : [ImageSource(url: url)]
        var total = 0
        var joined: ImageRun?
        for source in sources {
            if labels == nil, let range, total >= range.upperBound { break }
            let run = try source.images(selecting: range.map { $0.shifted(by: -total) })
            total += run.total
            if run.pixels.isEmpty { continue }
            try joined.append(run, file: source.url.relativePath)
        }
        guard let joined, range.map({ $0.upperBound <= total }) ?? true else {
            throw ImageError.outOfRange(file: file, requested: range ?? 0..<0, count: total)
        }
        let chosen = range ?? 0..<total
        self.init(
            name: url.lastPathComponent,
            count: chosen.count,
            height: joined.height,
            width: joined.width,
            channels: joined.channels,
            pixels: joined.pixels,
            labels: try labels.map { try ImageSource.labels(from: $0, count: total, selecting: chosen) }
                ?? joined.labels
        )
    }
}

extension Range<Int> {
    fileprivate func shifted(by distance: Int) -> Range<Int> {
        lowerBound + distance..<upperBound + distance
    }
}
