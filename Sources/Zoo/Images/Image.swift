/// One picture: 8-bit samples, rows from the top, grey (1 channel) or RGB (3).
///
/// Sample `(row, column, channel)` is `pixels[(row * width + column) * channels + channel]`.
public struct Image: Sendable, Equatable {
    /// Rows.
    public let height: Int
    /// Columns.
    public let width: Int
    /// 1 (grey) or 3 (RGB).
    public let channels: Int
    /// Samples: row, column, channel.
    public let pixels: [UInt8]

    /// - Traps: when `channels` is neither 1 nor 3, a side is not positive, or the number of pixels does not fit.
    public init(height: Int, width: Int, channels: Int, pixels: [UInt8]) {
        precondition(channels == 1 || channels == 3, "an image has 1 or 3 channels, got \(channels)")
        precondition(height > 0 && width > 0, "an image has positive sides, got \(height) × \(width)")
        precondition(
            pixels.count == height * width * channels,
            "\(height) × \(width) × \(channels) samples expected, got \(pixels.count)"
        )
        self.height = height
        self.width = width
        self.channels = channels
        self.pixels = pixels
    }
}

extension Image {
    /// A sample as a network sees it: `x / 127.5 − 1`, in [−1, 1].
    public static func signal(of sample: UInt8) -> Float {
        Float(sample) / 127.5 - 1
    }

    /// The sample nearest to a network's output: `127.5 (y + 1)`, rounded and clamped to 0…255; NaN becomes 0.
    public static func sample(of signal: Float) -> UInt8 {
        let scaled = ((signal + 1) * 127.5).rounded()
        return scaled > 0 ? UInt8(min(scaled, 255)) : 0
    }

    /// The picture that a network draws: `signal` holds one value in [−1, 1] per sample, in the order of `pixels`.
    ///
    /// - Traps: as `init(height:width:channels:pixels:)`.
    public init(height: Int, width: Int, channels: Int, signal: [Float]) {
        self.init(height: height, width: width, channels: channels, pixels: signal.map(Image.sample(of:)))
    }
}
