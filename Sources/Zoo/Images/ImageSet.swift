/// Pictures of one size, in a fixed order: what a zoo of implicit representations is fitted to.
///
/// Sample `(image, row, column, channel)` is at `((image * height + row) * width + column) * channels + channel`.
public struct ImageSet: Sendable, Equatable {
    /// What the pictures were read from, for reports.
    public let name: String
    /// Pictures.
    public let count: Int
    /// Rows of each picture.
    public let height: Int
    /// Columns of each picture.
    public let width: Int
    /// 1 (grey) or 3 (RGB).
    public let channels: Int
    /// Samples: image, row, column, channel.
    public let pixels: [UInt8]
    /// One class per picture, where the source has them.
    public let labels: [Int]?
    /// The classes' names, `labels` indexing them, where the source names its classes.
    public let labelNames: [String]?

    /// - Traps: when `channels` is neither 1 nor 3, a side is not positive, or pixels or labels do not fit the count.
    public init(
        name: String,
        count: Int,
        height: Int,
        width: Int,
        channels: Int,
        pixels: [UInt8],
        labels: [Int]? = nil,
        labelNames: [String]? = nil
    ) {
        precondition(channels == 1 || channels == 3, "an image has 1 or 3 channels, got \(channels)")
        precondition(height > 0 && width > 0, "an image has positive sides, got \(height) × \(width)")
        precondition(
            pixels.count == count * height * width * channels,
            "\(count) × \(height) × \(width) × \(channels) samples expected, got \(pixels.count)"
        )
        precondition(
            labels.map { $0.count == count } ?? true,
            "\(count) labels expected, got \(labels?.count ?? 0)"
        )
        self.name = name
        self.count = count
        self.height = height
        self.width = width
        self.channels = channels
        self.pixels = pixels
        self.labels = labels
        self.labelNames = labelNames
    }
}

extension ImageSet {
    /// Samples of one picture.
    public var samplesPerImage: Int { height * width * channels }

    /// The samples of one picture, without a copy.
    public func pixels(of index: Int) -> ArraySlice<UInt8> {
        precondition(index >= 0 && index < count, "image 0..<\(count) expected, got \(index)")
        return pixels[index * samplesPerImage..<(index + 1) * samplesPerImage]
    }

    /// One picture.
    public subscript(index: Int) -> Image {
        Image(height: height, width: width, channels: channels, pixels: Array(pixels(of: index)))
    }

    /// The pictures of a range, renumbered from 0.
    public subscript(range: Range<Int>) -> ImageSet {
        precondition(
            range.lowerBound >= 0 && range.upperBound <= count,
            "images within 0..<\(count) expected, got \(range)"
        )
        return ImageSet(
            name: name,
            count: range.count,
            height: height,
            width: width,
            channels: channels,
            pixels: Array(pixels[range.lowerBound * samplesPerImage..<range.upperBound * samplesPerImage]),
            labels: labels.map { Array($0[range]) },
            labelNames: labelNames
        )
    }

    /// The samples of a range of pictures as a network sees them, `x / 127.5 − 1`, in the order of `pixels`.
    public func signal(of range: Range<Int>) -> [Float] {
        precondition(
            range.lowerBound >= 0 && range.upperBound <= count,
            "images within 0..<\(count) expected, got \(range)"
        )
        return pixels[range.lowerBound * samplesPerImage..<range.upperBound * samplesPerImage]
            .map(Image.signal(of:))
    }

    /// The same set with every picture replaced by another of the same size.
    func mapImages(_ transform: (Image) -> Image) -> ImageSet {
        var changed: [UInt8] = []
        changed.reserveCapacity(pixels.count)
        for index in 0..<count { changed += transform(self[index]).pixels }
        return ImageSet(
            name: name,
            count: count,
            height: height,
            width: width,
            channels: channels,
            pixels: changed,
            labels: labels,
            labelNames: labelNames
        )
    }
}
