import Testing

@testable import Zoo

@Suite struct ImageEditTests {
    static let shapes = [(1, 1, 1), (1, 5, 1), (7, 1, 3), (28, 28, 1), (9, 13, 3), (2, 2, 3)]

    static func images() -> [Image] {
        var bytes = TestBytes(state: 1)
        return shapes.flatMap { shape in
            (0..<4).map { _ in bytes.image(height: shape.0, width: shape.1, channels: shape.2) }
        }
    }

    @Test(arguments: images()) func dilationIsAboveTheImageAndErosionBelow(image: Image) {
        let (high, low) = (ImageEdit.dilate(image), ImageEdit.erode(image))
        #expect(zip(high.pixels, image.pixels).allSatisfy { $0 >= $1 })
        #expect(zip(low.pixels, image.pixels).allSatisfy { $0 <= $1 })
    }

    @Test(arguments: images()) func dilationOfTheComplementIsTheComplementOfErosion(image: Image) {
        #expect(ImageEdit.dilate(complement(image)) == complement(ImageEdit.erode(image)))
    }

    @Test(arguments: images()) func openingAndClosingAreIdempotent(image: Image) {
        func opened(_ image: Image) -> Image { ImageEdit.dilate(ImageEdit.erode(image)) }
        func closed(_ image: Image) -> Image { ImageEdit.erode(ImageEdit.dilate(image)) }
        #expect(opened(opened(image)) == opened(image))
        #expect(closed(closed(image)) == closed(image))
    }

    @Test(arguments: images()) func dilationIsTheLargestSampleOfTheWindow(image: Image) {
        var expected: [UInt8] = []
        for y in 0..<image.height {
            for x in 0..<image.width {
                for channel in 0..<image.channels {
                    var largest: UInt8 = 0
                    for row in max(y - 1, 0)...min(y + 1, image.height - 1) {
                        for column in max(x - 1, 0)...min(x + 1, image.width - 1) {
                            largest = max(
                                largest, image.pixels[(row * image.width + column) * image.channels + channel])
                        }
                    }
                    expected.append(largest)
                }
            }
        }
        #expect(ImageEdit.dilate(image).pixels == expected)
    }

    @Test(arguments: images()) func gradientIsDilationWithoutErosion(image: Image) {
        let sum = zip(ImageEdit.gradient(image).pixels, ImageEdit.erode(image).pixels).map { $0 + $1 }
        #expect(sum == ImageEdit.dilate(image).pixels)
    }

    @Test func aFlatPictureHasNoGradient() {
        let flat = Image(height: 5, width: 4, channels: 3, pixels: [UInt8](repeating: 77, count: 60))
        #expect(ImageEdit.gradient(flat).pixels.allSatisfy { $0 == 0 })
    }

    @Test func editsOfASetAreTheEditsOfItsPictures() {
        let set = ImageSet(
            name: "two", count: 2, height: 3, width: 2, channels: 3, pixels: Array(0..<36), labels: [1, 0])
        for edit in ImageEdit.allCases {
            let edited = edit(set)
            #expect(edited[0] == edit(set[0]) && edited[1] == edit(set[1]))
            #expect(edited.labels == [1, 0])
        }
    }

    @Test func editsAreNamedAsOnTheCommandLine() {
        #expect(ImageEdit.allCases.map(\.rawValue) == ["dilate", "erode", "gradient", "contrast"])
    }

    private func complement(_ image: Image) -> Image {
        image.with(pixels: image.pixels.map { 255 - $0 })
    }
}
