import Foundation
import Testing

@testable import Zoo

@Suite struct IDXTests {
    let folder: TemporaryFolder

    init() throws {
        folder = try TemporaryFolder()
    }

    @Test func imagesAndTheLabelsBesideThemAreRead() throws {
        let url = try folder.write(idxImages(count: 5, height: 3, width: 2), to: "a-images-idx3-ubyte")
        try folder.write(idxLabels([4, 3, 2, 1, 0]), to: "a-labels-idx1-ubyte")
        let images = try ImageSet(contentsOf: url)
        #expect(images.count == 5 && images.height == 3 && images.width == 2 && images.channels == 1)
        #expect(images.pixels == Array(0..<30))
        #expect(images.labels == [4, 3, 2, 1, 0])
        #expect(images.name == "a-images-idx3-ubyte")
    }

    @Test(arguments: [
        ("a-images-idx3-ubyte.gz", "a-labels-idx1-ubyte.gz"), ("a-images.idx3-ubyte", "a-labels.idx1-ubyte.gz"),
    ])
    func compressionAndTheOtherSpellingChangeNothing(image: String, label: String) throws {
        let plain = idxImages(count: 300, height: 28, width: 28)
        let url = try folder.write(image.hasSuffix("gz") ? gzip(plain) : plain, to: image)
        try folder.write(gzip(idxLabels([UInt8](repeating: 7, count: 300))), to: label)
        let images = try ImageSet(contentsOf: url)
        #expect(images.pixels == Array(plain.dropFirst(16)))
        #expect(images.labels == [Int](repeating: 7, count: 300))
    }

    @Test func aFolderIsTrainingThenTest() throws {
        try folder.write(gzip(idxImages(count: 2, height: 2, width: 2)), to: "t10k-images-idx3-ubyte.gz")
        try folder.write(idxLabels([8, 9]), to: "t10k-labels-idx1-ubyte")
        try folder.write(idxImages(count: 3, height: 2, width: 2), to: "train-images-idx3-ubyte")
        try folder.write(idxLabels([0, 1, 2]), to: "train-labels-idx1-ubyte")
        let images = try ImageSet(contentsOf: folder.url)
        #expect(images.labels == [0, 1, 2, 8, 9])
        #expect(images.pixels == Array(0..<12) + Array(0..<8))
    }

    @Test(arguments: [0..<1, 1..<4, 3..<5, 2..<3, 0..<5])
    func aRangeIsTheSliceOfTheWhole(range: Range<Int>) throws {
        try folder.write(idxImages(count: 2, height: 2, width: 2), to: "t10k-images-idx3-ubyte")
        try folder.write(idxLabels([8, 9]), to: "t10k-labels-idx1-ubyte")
        try folder.write(idxImages(count: 3, height: 2, width: 2), to: "train-images-idx3-ubyte")
        try folder.write(idxLabels([0, 1, 2]), to: "train-labels-idx1-ubyte")
        let part = try ImageSet(contentsOf: folder.url, range: range)
        #expect(try part == ImageSet(contentsOf: folder.url)[range])
    }

    @Test func givenLabelsReplaceTheOnesBeside() throws {
        let url = try folder.write(idxImages(count: 3, height: 2, width: 2), to: "a-images-idx3-ubyte")
        try folder.write(idxLabels([0, 1, 2]), to: "a-labels-idx1-ubyte")
        let labels = try folder.write(idxLabels([5, 6, 7]), to: "mine")
        #expect(try ImageSet(contentsOf: url, labels: labels).labels == [5, 6, 7])
        #expect(try ImageSet(contentsOf: url, labels: labels, range: 1..<2).labels == [6])
        #expect(try ImageSet(contentsOf: folder.write(idxImages(count: 1, height: 2, width: 2), to: "x")).labels == nil)
    }

    @Test func rangesBeyondTheSourceAreRefused() throws {
        let url = try folder.write(idxImages(count: 3, height: 2, width: 2), to: "a-images-idx3-ubyte")
        for range in [3..<4, 2..<5, 1..<1, -1..<2] {
            expectImageError("a-images-idx3-ubyte", "\(range.lowerBound)..<\(range.upperBound)") {
                _ = try ImageSet(contentsOf: url, range: range)
            }
        }
    }

    @Test(arguments: [false, true]) func brokenFilesAreNamed(compressed: Bool) throws {
        let good = idxImages(count: 3, height: 2, width: 2)
        let cases: [(name: String, bytes: [UInt8], says: String)] = [
            ("short", Array(good.dropLast()), compressed ? "the end after 11" : "too short"),
            ("long", good + [0], "more bytes"),
            ("header", Array(good.prefix(9)), "IDX header"),
            ("labels", idxLabels([1, 2]), "2049"),
            ("floats", bigEndian(0x0D03, 1, 1, 1) + [0, 0, 0, 0], "found 3331"),
            ("none", bigEndian(2051, 0, 28, 28), "0 × 28 × 28"),
            ("flat", bigEndian(2051, 1, 0, 28), "1 × 0 × 28"),
            ("vast", bigEndian(2051, 0xFFFF_FFFF, 0x1000, 0x1000) + [0], "too short"),
            ("overflow", bigEndian(2051, 0xFFFF_FFFF, 0xFFFF_FFFF, 0xFFFF_FFFF), "67108864 pixels"),
            ("empty", [], "empty"),
        ]
        for (name, bytes, says) in cases {
            let url = try folder.write(compressed ? gzip(bytes) : bytes, to: name)
            expectImageError(name, says) { _ = try ImageSet(contentsOf: url) }
        }
    }

    @Test func brokenGzipIsNamed() throws {
        let good = gzip(idxImages(count: 300, height: 28, width: 28))
        var flipped = good
        flipped[100] ^= 1
        let cases: [(name: String, bytes: [UInt8], says: String)] = [
            ("cut", Array(good.dropLast(9)), "ends early"),
            ("uncounted", Array(good.dropLast(1)), "ends early"),
            ("flipped", flipped, "damaged"),
            ("trailing", good + [1, 2, 3], "damaged"),
        ]
        for (name, bytes, says) in cases {
            let url = try folder.write(bytes, to: name)
            expectImageError(name, says) { _ = try ImageSet(contentsOf: url) }
        }
        let members = try folder.write(
            gzip(idxImages(count: 3, height: 2, width: 2)) + gzip([]),
            to: "members"
        )
        #expect(try ImageSet(contentsOf: members).count == 3)
    }

    @Test func aBombIsReadNoFurtherThanItsHeaderSays() throws {
        let header = gzip(bigEndian(2051, 10, 28, 28))
        let url = try folder.write(header + gzippedZeros, to: "bomb")
        expectImageError("bomb", "the end after 10 images", "more bytes") { _ = try ImageSet(contentsOf: url) }
        let greedy = try folder.write(gzip(bigEndian(2051, 1_000_000, 28, 28)) + gzippedZeros, to: "greedy")
        expectImageError("greedy", "too short") { _ = try ImageSet(contentsOf: greedy) }
    }

    @Test func labelsMustFitTheImages() throws {
        let url = try folder.write(idxImages(count: 3, height: 2, width: 2), to: "a-images-idx3-ubyte")
        for (labels, says) in [
            (idxLabels([1, 2]), "found 2"), (idxLabels([1, 2, 3]) + [4], "more bytes"),
            (bigEndian(2049, 5) + [1], "too short"), (idxImages(count: 1, height: 1, width: 1), "2049"),
        ] {
            try folder.write(labels, to: "a-labels-idx1-ubyte")
            expectImageError("a-labels-idx1-ubyte", says) { _ = try ImageSet(contentsOf: url) }
        }
    }

    @Test func filesOfAnotherSizeAreRefused() throws {
        try folder.write(idxImages(count: 2, height: 2, width: 3), to: "t10k-images-idx3-ubyte")
        try folder.write(idxImages(count: 3, height: 2, width: 2), to: "train-images-idx3-ubyte")
        expectImageError("t10k-images-idx3-ubyte", "2 × 2 grey", "3 × 2 grey") {
            _ = try ImageSet(contentsOf: folder.url)
        }
    }
}
