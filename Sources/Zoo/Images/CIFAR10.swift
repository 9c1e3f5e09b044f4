/// The binary format of CIFAR-10: no header, records of a label byte and three planes (red, green, blue) of 32 × 32 bytes.
///
/// - Source: Krizhevsky, "Learning multiple layers of features from tiny images" (2009).
enum CIFAR10 {
    static let recordCount = 1 + 3 * planeCount
    private static let side = 32
    private static let planeCount = side * side

    /// Reads the images whose number is in `selection`, checking the whole file.
    static func images(from stream: ByteStream, selecting selection: Range<Int>?) throws -> ImageRun {
        var run = ImageRun(total: 0, height: side, width: side, channels: 3, pixels: [], labels: [])
        while try !stream.peek(1).isEmpty {
            guard run.total < ImageLimit.images else {
                throw ImageError.tooLarge(
                    file: stream.file, limit: "\(ImageLimit.images) CIFAR-10 images", found: "more")
            }
            let record = try stream.read(recordCount, of: "CIFAR-10 image \(run.total)")
            guard record[0] < 10 else {
                throw ImageError.malformed(
                    file: stream.file,
                    expected: "a label below 10 at CIFAR-10 image \(run.total)",
                    found: "\(record[0])"
                )
            }
            if selection?.contains(run.total) ?? true {
                run.labels?.append(Int(record[0]))
                run.pixels += interleaved(record)
            }
            run.total += 1
        }
        return run
    }

    /// Whether a folder's file is named as a batch: training before test.
    static func isTrainingBatch(_ name: String) -> Bool {
        name.hasPrefix("data_batch_") && name.contains(".bin")
    }

    static func isTestBatch(_ name: String) -> Bool {
        name.hasPrefix("test_batch.bin")
    }

    private static func interleaved(_ record: [UInt8]) -> [UInt8] {
        [UInt8](unsafeUninitializedCapacity: 3 * planeCount) { pixels, count in
            for index in 0..<planeCount {
                for channel in 0..<3 {
                    pixels.initializeElement(at: 3 * index + channel, to: record[1 + channel * planeCount + index])
                }
            }
            count = 3 * planeCount
        }
    }
}
