import Testing

@testable import Zoo

@Suite struct ImageGridTests {
    @Test func picturesLieInRowsWithAMargin() {
        let images = (1...3).map { Image(height: 1, width: 2, channels: 1, pixels: [UInt8($0), UInt8($0 * 10)]) }
        let sheet = ImageGrid(columns: 2, margin: 1, scale: 1, background: 0).composed(images)
        #expect(
            sheet
                == Image(
                    height: 5,
                    width: 7,
                    channels: 1,
                    pixels: [
                        0, 0, 0, 0, 0, 0, 0,
                        0, 1, 10, 0, 2, 20, 0,
                        0, 0, 0, 0, 0, 0, 0,
                        0, 3, 30, 0, 0, 0, 0,
                        0, 0, 0, 0, 0, 0, 0,
                    ]
                )
        )
    }

    @Test func pixelsBecomeSquares() {
        let image = Image(height: 2, width: 1, channels: 3, pixels: [1, 2, 3, 4, 5, 6])
        let sheet = ImageGrid(columns: 5, margin: 0, scale: 2).composed([image])
        #expect(sheet.height == 4 && sheet.width == 2)
        #expect(sheet.pixels == [1, 2, 3, 1, 2, 3, 1, 2, 3, 1, 2, 3, 4, 5, 6, 4, 5, 6, 4, 5, 6, 4, 5, 6])
    }

    @Test func greyBesideColourBecomesColour() {
        let grey = Image(height: 1, width: 1, channels: 1, pixels: [7])
        let colour = Image(height: 1, width: 1, channels: 3, pixels: [1, 2, 3])
        #expect(ImageGrid(columns: 2, margin: 0).composed([grey, colour]).pixels == [7, 7, 7, 1, 2, 3])
    }
}
