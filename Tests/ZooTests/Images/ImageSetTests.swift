import Testing

@testable import Zoo

@Suite struct ImageSetTests {
    let set = ImageSet(
        name: "s", count: 4, height: 2, width: 3, channels: 3, pixels: Array(0..<72), labels: [3, 1, 2, 0])

    @Test func aPictureIsItsSliceOfThePixels() {
        #expect(Array(set.pixels(of: 2)) == Array(36..<54))
        #expect(set[2] == Image(height: 2, width: 3, channels: 3, pixels: Array(36..<54)))
    }

    @Test func aRangeIsRenumbered() {
        let part = set[1..<3]
        #expect(part.count == 2 && part.labels == [1, 2])
        #expect(part[0] == set[1] && part[1] == set[2])
    }

    @Test func samplesAndSignalsAreInverse() {
        #expect(Image.signal(of: 0) == -1 && Image.signal(of: 255) == 1)
        for sample in UInt8.min...UInt8.max { #expect(Image.sample(of: Image.signal(of: sample)) == sample) }
        #expect([-.infinity, -7, 7, .infinity, .nan].map(Image.sample(of:)) == [0, 0, 255, 255, 0])
        #expect(set.signal(of: 1..<2) == set.pixels(of: 1).map(Image.signal(of:)))
    }

    @Test func theFingerprintSeesContentOrderShapeAndLabelsOnly() {
        func made(
            _ name: String = "s", height: Int = 2, width: Int = 3, pixels: [UInt8] = Array(0..<72),
            labels: [Int]? = [3, 1, 2, 0]
        ) -> String {
            ImageSet(name: name, count: 4, height: height, width: width, channels: 3, pixels: pixels, labels: labels)
                .fingerprint
        }
        #expect(made("another name") == made())
        var others = [made(height: 3, width: 2), made(labels: nil), made(labels: [3, 1, 0, 2])]
        for index in 0..<72 {
            var pixels = [UInt8](0..<72)
            pixels[index] ^= 128
            others.append(made(pixels: pixels))
            pixels[(index + 8) % 72] ^= 128
            others.append(made(pixels: pixels))
        }
        #expect(Set(others + [made()]).count == others.count + 1)
    }

    @Test func theFingerprintIsTheSameInEveryRun() {
        #expect(set.fingerprint == "1c29fcec0f0184f2")
    }
}
