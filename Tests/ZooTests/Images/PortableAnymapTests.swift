import Testing

@testable import Zoo

@Suite struct PortableAnymapTests {
    private func bytes(_ header: String, _ samples: [UInt8] = []) -> [UInt8] {
        Array(header.utf8) + samples
    }

    @Test func bytesAndTextAreReadInGreyAndColour() throws {
        let cases: [([UInt8], [Int], [UInt8])] = [
            (bytes("P5 3 2\n255\n", [0, 10, 13, 35, 200, 255]), [2, 3, 1], [0, 10, 13, 35, 200, 255]),
            (bytes("P6\n# by hand\n1 2 # rows\n255 ", [1, 2, 3, 4, 5, 6]), [2, 1, 3], [1, 2, 3, 4, 5, 6]),
            (bytes("P2 2 1 15 0\n15\n"), [1, 2, 1], [0, 255]),
            (bytes("P3 1 1 100 0 50 100"), [1, 1, 3], [0, 128, 255]),
            (bytes("P5 2 1 1\n", [0, 1]), [1, 2, 1], [0, 255]),
            (bytes("P5 2 1 65535\n", [0x80, 0x00, 0xFF, 0xFF]), [1, 2, 1], [128, 255]),
            (gzip(bytes("P5 1 1 255\n", [9])), [1, 1, 1], [9]),
        ]
        for (file, size, pixels) in cases {
            let run = try images(in: file)
            #expect(Array(run.sizes.dropFirst()) == size)
            #expect(run.pixels == pixels)
        }
    }

    @Test func brokenFilesAreNamed() {
        let cases: [([UInt8], String)] = [
            (bytes("P5 3 2 255\n", [1, 2, 3]), "6 bytes of samples"), (bytes("P5 1 1 255\n", [1, 2]), "more bytes"),
            (bytes("P5 1 1 16\n", [17]), "samples up to 16"), (bytes("P5 0 1 255\n"), "positive"),
            (bytes("P5 1 1 0\n", [0]), "positive"), (bytes("P5 1 1 65536\n", [0, 0]), "below 65536"),
            (bytes("P5 1 -1 255\n", [0]), "the height"), (bytes("P5 10000 10000 255\n"), "67108864 pixels"),
            (bytes("P5 99999999999999999999 1 255\n"), "the width"), (bytes("P6 8000 8000 255\n"), "too short"),
            (bytes("P3 8000 8000 255\n"), "too short"), (bytes("P2 2 1 255 1"), "a sample"),
            (bytes("P2 1 1 255 1 x"), "more bytes"), (bytes("P4 8 1\n", [0]), "a P4 picture"),
            (bytes("P5"), "the width"),
            (bytes("P5 # no end"), "the width"), (bytes("P5 1 1"), "the largest sample"),
        ]
        for (file, says) in cases {
            expectImageError("x.pgm", says) { _ = try images(in: file, file: "x.pgm") }
        }
    }
}
