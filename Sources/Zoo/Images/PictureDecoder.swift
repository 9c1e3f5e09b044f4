internal import CPictures

/// Decodes PNG (libpng) and JPEG (libjpeg) to 8-bit grey or RGB.
///
/// PNG: palettes become colour, 1, 2, 4 and 16 bits become 8, alpha is laid over black, so that "nothing here" is the
/// background of MNIST-like pictures. JPEG: CMYK is refused, and so is anything that libjpeg would only warn of.
/// Gamma, colour profiles and EXIF orientation are ignored: the samples are what was stored.
struct PictureDecoder {
    private let name: String
    private let readHeader:
        (UnsafePointer<UInt8>?, Int, UnsafeMutablePointer<PicturesHeader>?, UnsafeMutablePointer<CChar>?) -> Int32
    private let decode:
        (UnsafePointer<UInt8>?, Int, UnsafeMutablePointer<UInt8>?, Int, UnsafeMutablePointer<CChar>?) -> Int32

    static var png: PictureDecoder {
        PictureDecoder(name: "PNG", readHeader: pictures_png_header, decode: pictures_png_decode)
    }

    static var jpeg: PictureDecoder {
        PictureDecoder(name: "JPEG", readHeader: pictures_jpeg_header, decode: pictures_jpeg_decode)
    }

    /// - Throws: `ImageError`; sizes are checked before the pixels are allocated.
    func image(from bytes: [UInt8], file: String) throws -> Image {
        var header = PicturesHeader()
        try expectSuccess(file) { readHeader(bytes, bytes.count, &header, $0) }
        let (height, width, channels) = (Int(header.height), Int(header.width), Int(header.channels))
        guard channels == 1 || channels == 3 else {
            throw ImageError.unsupported(
                file: file,
                found: "a \(name) of \(channels) components\(channels == 4 ? " (CMYK)" : "")",
                fix: "convert it to RGB or grey"
            )
        }
        let count = try ImageLimit.samples(height: height, width: width, channels: channels, file: file)
        guard header.encoded_bytes_at_least <= bytes.count else {
            throw ImageError.malformed(
                file: file,
                expected: "\(width) × \(height) pixels, as its header says",
                found: "a file that is too short for them"
            )
        }
        let pixels = try [UInt8](unsafeUninitializedCapacity: count) { pixels, produced in
            try expectSuccess(file) { decode(bytes, bytes.count, pixels.baseAddress, count, $0) }
            produced = count
        }
        return Image(height: height, width: width, channels: channels, pixels: pixels)
    }

    private func expectSuccess(_ file: String, _ call: (UnsafeMutablePointer<CChar>?) -> Int32) throws {
        var message = [CChar](repeating: 0, count: Int(PICTURES_MESSAGE_SIZE))
        guard call(&message) == 0 else { return }
        let text = String(decoding: message.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
        throw ImageError.malformed(file: file, expected: "an intact \(name)", found: "a damaged one: \(text)")
    }
}
