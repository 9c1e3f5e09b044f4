import Foundation
import Testing

@testable import Zoo

@Suite(.enabled(if: dataFolder != nil, "needs NFN_DATA, a folder that has mnist and cifar10"))
struct MNISTTests {
    @Test func trainingAndTestImagesHaveTheirKnownStatistics() throws {
        let folder = try #require(dataFolder).appendingPathComponent("mnist")
        let images = try ImageSet(contentsOf: folder)
        #expect(images.count == 70_000 && images.height == 28 && images.width == 28 && images.channels == 1)
        let labels = try #require(images.labels)
        #expect(histogram(labels[..<60_000]) == [5923, 6742, 5958, 6131, 5842, 5421, 5918, 6265, 5851, 5949])
        #expect(histogram(labels[60_000...]) == [980, 1135, 1032, 1010, 982, 892, 958, 1028, 974, 1009])
        let sum = images.pixels.withUnsafeBufferPointer { pixels in
            var sum = 0
            for index in 0..<60_000 * 784 { sum += Int(pixels[index]) }
            return sum
        }
        let mean = Double(sum) / (60_000 * 784) / 255
        #expect(abs(mean - 0.1307) < 5e-5)
        #expect(Array(labels[..<5]) == [5, 0, 4, 1, 9])
        #expect(images.fingerprint == "91f57e37727d3785")
    }
}

func histogram(_ labels: ArraySlice<Int>) -> [Int] {
    labels.reduce(into: [Int](repeating: 0, count: 10)) { $0[$1] += 1 }
}
