import Foundation
import Testing

@testable import Zoo

@Suite struct CIFAR10Tests {
    /// Red is the column, green the row, blue the record's number.
    static func record(_ number: Int, label: UInt8) -> [UInt8] {
        let places = 0..<1024
        return [label] + places.map { UInt8($0 % 32) } + places.map { UInt8($0 / 32) }
            + places.map { _ in UInt8(number) }
    }

    @Test(arguments: [false, true]) func planesAreInterleaved(compressed: Bool) throws {
        let file = (0..<3).flatMap { Self.record($0, label: UInt8(7 + $0)) }
        let run = try images(in: compressed ? gzip(file) : file)
        #expect(run.sizes == [3, 32, 32, 3])
        #expect(run.labels == [7, 8, 9])
        #expect(Array(run.pixels[3072 + (5 * 32 + 6) * 3..<3072 + (5 * 32 + 6) * 3 + 3]) == [6, 5, 1])
    }

    @Test func aFolderIsTrainingThenTest() throws {
        let folder = try TemporaryFolder()
        try folder.write(Self.record(0, label: 3), to: "test_batch.bin")
        try folder.write(gzip(Self.record(1, label: 2)), to: "data_batch_2.bin.gz")
        try folder.write(Self.record(2, label: 1) + Self.record(3, label: 0), to: "data_batch_1.bin")
        let images = try ImageSet(contentsOf: folder.url)
        #expect(images.labels == [1, 0, 2, 3])
        #expect(try ImageSet(contentsOf: folder.url, range: 1..<3) == images[1..<3])
    }

    @Test func theNameDecidesOnlyWhereTheContentCannot() throws {
        var record = Self.record(0, label: 0)
        record.replaceSubrange(0..<4, with: [0, 0, 8, 3])
        #expect(try images(in: record, file: "data_batch_1.bin").channels == 3)
        expectImageError("train") { _ = try images(in: record, file: "train") }
        #expect(try images(in: Self.record(0, label: 9), file: "whatever").channels == 3)
    }

    @Test func brokenFilesAreNamed() {
        let good = Self.record(0, label: 3)
        for (file, says) in [
            (Array(good.dropLast()), "image 0"), (good + [1], "image 1"),
            (good + Self.record(0, label: 10), "found 10"),
            (gzip(good + good.dropLast(100)), "image 1"),
        ] {
            expectImageError("b.bin", says) { _ = try images(in: file, file: "b.bin") }
        }
    }

    @Test(.enabled(if: dataFolder != nil, "needs NFN_DATA, a folder that has mnist and cifar10"))
    func theTestBatchHasItsKnownStatistics() throws {
        let images = try ImageSet(contentsOf: #require(dataFolder).appending(path: "cifar10/test_batch.bin.gz"))
        #expect(images.count == 10_000 && images.height == 32 && images.width == 32 && images.channels == 3)
        #expect(histogram(try #require(images.labels)[...]) == [Int](repeating: 1000, count: 10))
        let sums = images.pixels.withUnsafeBufferPointer { pixels in
            var sums = (0, 0, 0)
            for index in stride(from: 0, to: pixels.count, by: 3) {
                sums.0 += Int(pixels[index])
                sums.1 += Int(pixels[index + 1])
                sums.2 += Int(pixels[index + 2])
            }
            return [sums.0, sums.1, sums.2]
        }
        for (sum, mean) in zip(sums, [0.4941, 0.4851, 0.4504]) {
            #expect(abs(Double(sum) / 10_240_000 / 255 - mean) < 5e-5)
        }
    }
}
