import Testing

@testable import Zoo

@Suite struct PNGTests {
    @Test(arguments: [(1, 1, 1), (1, 9, 3), (17, 5, 1), (28, 28, 3), (300, 1, 1)])
    func writingThenReadingGivesTheSamePixels(height: Int, width: Int, channels: Int) throws {
        var bytes = TestBytes(state: 3)
        let image = bytes.image(height: height, width: width, channels: channels)
        let run = try images(in: PNG.encoded(image))
        #expect(run.sizes == [1, height, width, channels])
        #expect(run.pixels == image.pixels)
    }

    @Test func theSamePixelsGiveTheSameFile() {
        var bytes = TestBytes(state: 4)
        let image = bytes.image(height: 20, width: 30, channels: 3)
        #expect(PNG.encoded(image) == PNG.encoded(image))
    }

    @Test(arguments: pngSamples) func everyKindBecomesEightBitGreyOrColour(sample: PNGSample) throws {
        let run = try images(in: sample.bytes)
        #expect(Array(run.sizes.dropFirst()) == sample.size)
        #expect(run.pixels == sample.pixels)
    }

    @Test func everyTruncationIsRefused() {
        var bytes = TestBytes(state: 5)
        let good = PNG.encoded(bytes.image(height: 12, width: 7, channels: 3))
        for count in 8..<good.count {
            expectImageError("cut.png", "an intact PNG") {
                _ = try images(in: Array(good.prefix(count)), file: "cut.png")
            }
        }
    }

    @Test func sizesThatTheFileCannotHoldAreRefusedBeforeTheyAreAllocated() {
        func announcing(_ width: Int, _ height: Int) -> [UInt8] {
            [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A]
                + pngChunk("IHDR", bigEndian(width, height) + [8, 2, 0, 0, 0]) + pngChunk("IDAT", [1])
                + pngChunk("IEND", [])
        }
        expectImageError("huge.png", "67108864 pixels", "8193 × 8192") {
            _ = try images(in: announcing(8193, 8192), file: "huge.png")
        }
        expectImageError("2147483647 × 2147483647") { _ = try images(in: announcing(0x7FFF_FFFF, 0x7FFF_FFFF)) }
        expectImageError("8192 × 8192", "too short") { _ = try images(in: announcing(8192, 8192)) }
        expectImageError("an intact PNG") { _ = try images(in: announcing(0, 5)) }
    }

    @Test func compressedPicturesInsideGzipAreRefused() {
        let image = Image(height: 1, width: 1, channels: 1, pixels: [0])
        expectImageError("p.png.gz", "gzip") { _ = try images(in: gzip(PNG.encoded(image)), file: "p.png.gz") }
    }
}

func pngChunk(_ type: String, _ data: [UInt8]) -> [UInt8] {
    let body = Array(type.utf8) + data
    return bigEndian(data.count) + body + bigEndian(Int(crc32(body)))
}
