import Testing

@testable import Zoo

@Suite struct HistogramEqualizationTests {
    let image: Image

    init() {
        var pixels: [UInt8] = []
        for y in 0..<7 {
            for x in 0..<10 {
                let sample = (x * 37 + y * 101 + x * y * 5) % 200 + 20
                pixels.append(UInt8(sample))
            }
        }
        image = Image(height: 7, width: 10, channels: 1, pixels: pixels)
    }

    /// The expected samples are what OpenCV 5.0.0 gives.
    @Test func equalizationAgreesWithOpenCV() {
        #expect(
            HistogramEqualization().equalized(image).pixels == [
                42, 106, 149, 191, 202, 223, 21, 69, 128, 180, 191, 234, 255, 69, 106, 149, 191, 255, 53, 117, 53, 117,
                163, 209,
                246, 62, 110, 158, 220, 41, 170, 223, 53, 98, 170, 223, 32, 96, 160, 231, 28, 110, 194, 250, 71, 135,
                202, 40, 83,
                166, 170, 234, 68, 137, 216, 59, 132, 196, 30, 104, 32, 117, 202, 48, 112, 202, 42, 128, 212, 66,
            ]
        )
        #expect(
            HistogramEqualization(clipLimit: 40, tiles: (rows: 2, columns: 3)).equalized(image).pixels == [
                16, 80, 128, 179, 199, 231, 32, 64, 120, 183, 159, 223, 255, 56, 104, 155, 191, 255, 48, 96, 32, 96,
                143, 207, 247,
                56, 112, 163, 223, 20, 167, 231, 48, 95, 167, 222, 28, 84, 157, 219, 24, 104, 191, 243, 64, 132, 191,
                14, 80, 157,
                175, 239, 76, 141, 225, 51, 131, 191, 18, 111, 32, 112, 207, 40, 104, 207, 32, 124, 231, 68,
            ]
        )
    }

    @Test func greyStaysGreyInColour() {
        let colour = Image(height: 7, width: 10, channels: 3, pixels: image.pixels.flatMap { [$0, $0, $0] })
        let pixels = ImageEdit.contrast(colour).pixels
        for index in stride(from: 0, to: pixels.count, by: 3) {
            #expect(largestDifference([pixels[index], pixels[index]], [pixels[index + 1], pixels[index + 2]]) <= 1)
        }
    }

    @Test func colourChangesInLightnessOnly() {
        var bytes = TestBytes(state: 8)
        let muted = Image(
            height: 12,
            width: 12,
            channels: 3,
            pixels: (0..<432).map { _ in UInt8.random(in: 100...150, using: &bytes) }
        )
        let (before, after) = (muted.cielab, ImageEdit.contrast(muted).cielab)
        #expect(before.lightness != after.lightness)
        #expect(largestDifference(before.a, after.a) <= 2)
        #expect(largestDifference(before.b, after.b) <= 2)
    }

    @Test func coloursHaveTheirPublishedCoordinates() {
        let colours: [UInt8] = [255, 255, 255, 0, 0, 0, 255, 0, 0, 0, 255, 0, 0, 0, 255]
        let lab = Image(height: 1, width: 5, channels: 3, pixels: colours).cielab
        // L of 100, 0, 53.24, 87.73, 32.30; a and b of red 80.09, 67.20, green −86.18, 83.18, blue 79.19, −107.86.
        #expect(lab.lightness == [255, 0, 136, 224, 82])
        #expect(lab.a == [128, 128, 208, 42, 207])
        #expect(lab.b == [128, 128, 195, 211, 20])
        // Eight bits are coarse at the corners of the colour cube.
        #expect(largestDifference(lab.pixels, colours) <= 8)
    }
}
