/// Lays pictures of one size out in rows, as on a contact sheet.
public struct ImageGrid: Sendable {
    /// Pictures in a row.
    public let columns: Int
    /// Pixels around and between pictures.
    public let margin: Int
    /// The side of the square that one pixel becomes.
    public let scale: Int
    /// What the margin and places without a picture are filled with.
    public let background: UInt8

    /// - Traps: when `columns` or `scale` is not positive, or `margin` is negative.
    public init(columns: Int, margin: Int = 2, scale: Int = 1, background: UInt8 = 255) {
        precondition(columns > 0 && scale > 0, "positive columns and scale expected, got \(columns) and \(scale)")
        precondition(margin >= 0, "a margin of 0 or more expected, got \(margin)")
        self.columns = columns
        self.margin = margin
        self.scale = scale
        self.background = background
    }

    /// One picture of all `images`, row by row; colour when any of them is.
    ///
    /// - Output: `height = rows (margin + scale · h) + margin`, `width = columns (margin + scale · w) + margin`, with
    ///   fewer columns when there are fewer images.
    /// - Traps: when there is no image or they differ in size.
    public func composed(_ images: [Image]) -> Image {
        guard let first = images.first else { preconditionFailure("at least one image expected, got none") }
        precondition(
            images.allSatisfy { $0.height == first.height && $0.width == first.width },
            "images of one size expected, \(first.height) × \(first.width)"
        )
        let columns = min(columns, images.count)
        let rows = (images.count + columns - 1) / columns
        let channels = images.map(\.channels).max() ?? 1
        let pitch = (row: margin + scale * first.height, column: margin + scale * first.width)
        let (height, width) = (rows * pitch.row + margin, columns * pitch.column + margin)
        var pixels = [UInt8](repeating: background, count: height * width * channels)
        for (index, image) in images.enumerated() {
            let top = margin + index / columns * pitch.row
            let left = margin + index % columns * pitch.column
            for row in 0..<first.height {
                let line = enlarged(image, row: row, channels: channels)
                for copy in 0..<scale {
                    let start = ((top + row * scale + copy) * width + left) * channels
                    pixels.replaceSubrange(start..<start + line.count, with: line)
                }
            }
        }
        return Image(height: height, width: width, channels: channels, pixels: pixels)
    }

    /// One row with every pixel repeated `scale` times; grey becomes equal red, green and blue.
    private func enlarged(_ image: Image, row: Int, channels: Int) -> [UInt8] {
        var line: [UInt8] = []
        for column in 0..<image.width {
            let start = (row * image.width + column) * image.channels
            let pixel = image.pixels[start..<start + image.channels]
            for _ in 0..<scale {
                for _ in 0..<channels / image.channels { line += pixel }
            }
        }
        return line
    }
}
