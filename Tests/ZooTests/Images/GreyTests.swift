import Testing

@testable import Zoo

@Suite struct GreyTests {
    @Test("grey is 0.299 R + 0.587 G + 0.114 B, rounded")
    func luma() {
        let pixels: [[UInt8]] = [[255, 255, 255], [0, 0, 0], [255, 0, 0], [0, 255, 0], [0, 0, 255], [10, 20, 30]]
        let images = ImageSet(
            name: "colours", count: 2, height: 1, width: 3, channels: 3, pixels: pixels.flatMap(\.self),
            labels: [4, 2], labelNames: ["a", "b", "c", "d", "e"])
        let grey = images.grey
        // 76.245, 149.685, 29.07, 2.99 + 11.74 + 3.42
        #expect(grey.pixels == [255, 0, 76, 150, 29, 18])
        #expect(grey.channels == 1 && grey.count == 2 && grey.height == 1 && grey.width == 3)
        #expect(grey.labels == images.labels && grey.labelNames == images.labelNames)
        #expect(grey.grey == grey)
    }
}
