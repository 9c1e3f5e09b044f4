/// What is refused before memory is taken for it.
enum ImageLimit {
    /// Pixels of one picture: 8,192 × 8,192.
    static let pixels = 1 << 26
    /// Images in one file whose format does not announce their number.
    static let images = 100_000
    /// Bytes of one PNG, JPEG, PPM or PGM file.
    static let fileBytes = 1 << 29

    /// The number of samples of a picture.
    ///
    /// - Throws: `ImageError.tooLarge` above `pixels`.
    static func samples(height: Int, width: Int, channels: Int, file: String) throws -> Int {
        let (area, overflow) = height.multipliedReportingOverflow(by: width)
        guard !overflow, area <= pixels else {
            throw ImageError.tooLarge(file: file, limit: "\(pixels) pixels", found: "\(width) × \(height)")
        }
        return area * channels
    }
}
