/// The chosen images of one file, beside the number of images that the file has.
struct ImageRun {
    /// Images in the file, chosen or not.
    var total: Int
    var height: Int
    var width: Int
    var channels: Int
    /// The chosen images only.
    var pixels: [UInt8]
    /// The labels of the chosen images.
    var labels: [Int]?

    fileprivate var shape: String {
        "\(width) × \(height) \(channels == 1 ? "grey" : "colour") pictures \(labels == nil ? "without" : "with") labels"
    }
}

extension ImageRun {
    /// A file of one picture.
    init(_ image: Image) {
        self.init(
            total: 1,
            height: image.height,
            width: image.width,
            channels: image.channels,
            pixels: image.pixels,
            labels: nil
        )
    }
}

extension ImageRun? {
    /// Joins the images of the next file.
    ///
    /// - Throws: `ImageError.differs` when they do not go with the ones before.
    mutating func append(_ next: ImageRun, file: String) throws {
        guard let shape = self?.shape else {
            self = next
            return
        }
        guard shape == next.shape else {
            throw ImageError.differs(file: file, expected: shape, found: next.shape)
        }
        self?.pixels += next.pixels
        self?.labels? += next.labels ?? []
    }
}
