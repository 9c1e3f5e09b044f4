internal import CPictures

/// Portable network graphics, for reports and renderings.
public enum PNG {
    /// A PNG file of 8-bit grey or RGB.
    public static func encoded(_ image: Image) -> [UInt8] {
        var bytes: UnsafeMutablePointer<UInt8>?
        var count = 0
        var message = [CChar](repeating: 0, count: Int(PICTURES_MESSAGE_SIZE))
        let succeeded = pictures_png_encode(
            image.pixels,
            UInt32(image.width),
            UInt32(image.height),
            UInt32(image.channels),
            &bytes,
            &count,
            &message
        )
        precondition(succeeded == 1, "libpng can encode \(image.width) × \(image.height) pixels")
        defer { pictures_free(bytes) }
        return Array(UnsafeBufferPointer(start: bytes, count: count))
    }
}
