import Testing

@testable import Zoo

@Suite struct JPEGTests {
    private func largestError(_ run: ImageRun, _ expected: (_ x: Int, _ y: Int) -> [Int]) -> Int {
        let pixels = (0..<8).flatMap { y in (0..<16).flatMap { x in expected(x, y) } }
        return largestDifference(run.pixels, pixels.map { UInt8($0) })
    }

    @Test func greyIsOneChannel() throws {
        let run = try images(in: JPEGSample.grey)
        #expect(Array(run.sizes.dropFirst()) == [8, 16, 1])
        #expect(largestError(run) { x, _ in [16 * x] } <= 2)
    }

    @Test(arguments: [JPEGSample.colour, JPEGSample.progressive]) func colourIsThreeChannels(bytes: [UInt8]) throws {
        let run = try images(in: bytes)
        #expect(Array(run.sizes.dropFirst()) == [8, 16, 3])
        #expect(largestError(run) { x, y in [16 * x, 32 * y, 255 - 16 * x] } <= 6)
    }

    @Test func fourComponentsAreRefusedInOneSentence() {
        expectImageError("c.jpg", "4 components (CMYK)", "convert it to RGB or grey") {
            _ = try images(in: JPEGSample.cmyk, file: "c.jpg")
        }
    }

    @Test(arguments: [JPEGSample.grey, JPEGSample.colour, JPEGSample.progressive])
    func everyTruncationIsRefused(good: [UInt8]) {
        for count in 3..<good.count - 2 {
            expectImageError("cut.jpg", "an intact JPEG") {
                _ = try images(in: Array(good.prefix(count)), file: "cut.jpg")
            }
        }
    }

    @Test func sizesThatTheFileCannotHoldAreRefused() throws {
        let frame = try #require(JPEGSample.grey.indices.first { JPEGSample.grey[$0...].starts(with: [0xFF, 0xC0]) })
        var large = JPEGSample.grey
        large.replaceSubrange(frame + 5..<frame + 9, with: [0xFF, 0xDC, 0xFF, 0xDC])
        expectImageError("65500 × 65500") { _ = try images(in: large) }
        large.replaceSubrange(frame + 5..<frame + 9, with: [0x20, 0x00, 0x20, 0x00])
        expectImageError("8192 × 8192", "too short") { _ = try images(in: large) }
    }
}
