import Foundation
import Testing
import WeightSpaces

@testable import Zoo

@Suite struct ImageFolderTests {
    let folder: TemporaryFolder

    init() throws {
        folder = try TemporaryFolder()
    }

    private func picture(_ sample: UInt8, channels: Int = 1, width: Int = 3) -> [UInt8] {
        PNG.encoded(
            Image(
                height: 2,
                width: width,
                channels: channels,
                pixels: [UInt8](repeating: sample, count: 2 * width * channels)
            )
        )
    }

    @Test func picturesAreSortedByNameAndOtherFilesAreLeftOut() throws {
        try folder.write(picture(2), to: "b.png")
        try folder.write(picture(1), to: "a.PNG")
        try folder.write(Array("P2 3 2 255 3 3 3 3 3 3".utf8), to: "c.pgm")
        try folder.write(Array("read me".utf8), to: "README.txt")
        try folder.write(Array("hidden".utf8), to: ".hidden.png")
        let images = try ImageSet(contentsOf: folder.url)
        #expect((0..<images.count).map { images[$0].pixels[0] } == [1, 2, 3])
        #expect(images.labels == nil && images.labelNames == nil)
        #expect(try ImageSet(contentsOf: folder.url, range: 1..<3) == images[1..<3])
    }

    @Test func subfoldersAreClasses() throws {
        try folder.write(picture(1), to: "dog/2.png")
        try folder.write(picture(2), to: "cat/1.png")
        try folder.write(picture(3), to: "dog/1.png")
        try folder.write([1], to: "notes/nothing.txt")
        let images = try ImageSet(contentsOf: folder.url)
        #expect((0..<3).map { images[$0].pixels[0] } == [2, 3, 1])
        #expect(images.labels == [0, 1, 1])
        #expect(images.labelNames == ["cat", "dog"])
        #expect(try ImageSet(contentsOf: folder.url, range: 2..<3) == images[2..<3])
    }

    @Test func picturesOutsideTheRangeAreNotOpened() throws {
        try folder.write(picture(1), to: "a.png")
        try folder.write([9], to: "b.png")
        #expect(try ImageSet(contentsOf: folder.url, range: 0..<1).count == 1)
        expectImageError("b.png") { _ = try ImageSet(contentsOf: folder.url, range: 0..<2) }
        expectImageError("0..<2", "5..<6") { _ = try ImageSet(contentsOf: folder.url, range: 5..<6) }
    }

    @Test func thePictureThatDiffersIsNamed() throws {
        try folder.write(picture(1), to: "a.png")
        let other = try folder.write(picture(1, channels: 3), to: "b.png")
        expectImageError("b.png", "3 × 2 grey", "3 × 2 colour") { _ = try ImageSet(contentsOf: folder.url) }
        try folder.write(picture(1, width: 4), to: "b.png")
        expectImageError("b.png", "3 × 2 grey", "4 × 2 grey") { _ = try ImageSet(contentsOf: folder.url) }
        try folder.write(idxImages(count: 2, height: 2, width: 3), to: "b.png")
        expectImageError("b.png", "another format") { _ = try ImageSet(contentsOf: folder.url) }
        try FileManager.default.removeItem(at: other)
        #expect(try ImageSet(contentsOf: folder.url).count == 1)
    }

    @Test func looseAndSortedPicturesAreNotMixed() throws {
        try folder.write(picture(1), to: "a.png")
        try folder.write(picture(1), to: "cat/b.png")
        expectImageError("a.png", "cat") { _ = try ImageSet(contentsOf: folder.url) }
    }

    @Test func labelsMayComeFromAFile() throws {
        try folder.write(picture(1), to: "dog/2.png")
        try folder.write(picture(2), to: "cat/1.png")
        let labels = try folder.write(idxLabels([7, 5]), to: "labels")
        let images = try ImageSet(contentsOf: folder.url, labels: labels)
        #expect(images.labels == [7, 5] && images.labelNames == nil)
    }

    @Test func aFileThatIsThereTwiceIsReadOnce() throws {
        let images = idxImages(count: 2, height: 2, width: 3)
        try folder.write(images, to: "train-images-idx3-ubyte")
        try folder.write(gzip(images), to: "train-images-idx3-ubyte.gz")
        #expect(try ImageSet(contentsOf: folder.url).count == 2)
    }

    @Test func whatTheFileSystemRefusesIsAFileError() throws {
        for place in ["missing", "missing/too"] {
            #expect(throws: FileError.self) { try ImageSet(contentsOf: folder.url.appending(path: place)) }
        }
        #expect(throws: FileError.notRegular(file: "/dev/null", found: "a device")) {
            try ImageSet(contentsOf: URL(fileURLWithPath: "/dev/null"))
        }
        let pipe = folder.url.appending(path: "pipe")
        #expect(mkfifo(pipe.path, 0o600) == 0)
        #expect(throws: FileError.self) { try ImageSet(contentsOf: pipe) }
    }

    @Test func whatIsNoImageIsNamed() throws {
        expectImageError("found none") { _ = try ImageSet(contentsOf: folder.url) }
        let strange = try folder.write(Array("hello".utf8), to: "strange.txt")
        expectImageError("strange.txt", "68 65 6c 6c 6f") { _ = try ImageSet(contentsOf: strange) }
        let twoLines = try folder.write([], to: "two\nlines")
        expectImageError("two\\u{a}lines", "an empty file") { _ = try ImageSet(contentsOf: twoLines) }
    }
}
