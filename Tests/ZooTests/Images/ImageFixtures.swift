import Foundation
import Testing

@testable import Zoo

/// A folder that is removed with the value.
final class TemporaryFolder {
    let url: URL

    init() throws {
        url = FileManager.default.temporaryDirectory.appendingPathComponent("zoo-tests-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
    }

    deinit {
        try? FileManager.default.removeItem(at: url)
    }

    /// Writes a file, with the folders on its way, and returns its place.
    @discardableResult
    func write(_ bytes: [UInt8], to name: String) throws -> URL {
        let file = url.appendingPathComponent(name)
        try FileManager.default.createDirectory(at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
        try Data(bytes).write(to: file)
        return file
    }
}

/// The folder of large data sets, where there is one.
let dataFolder = ProcessInfo.processInfo.environment["NFN_DATA"].map { URL(fileURLWithPath: $0) }

/// A small generator for tests: the same seed gives the same bytes.
struct TestBytes: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ mixed >> 30) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ mixed >> 27) &* 0x94D0_49BB_1331_11EB
        return mixed ^ mixed >> 31
    }

    mutating func image(height: Int, width: Int, channels: Int) -> Image {
        Image(
            height: height,
            width: width,
            channels: channels,
            pixels: (0..<height * width * channels).map { _ in UInt8.random(in: 0...255, using: &self) }
        )
    }
}

func bigEndian(_ numbers: Int...) -> [UInt8] {
    numbers.flatMap { number in [24, 16, 8, 0].map { UInt8(truncatingIfNeeded: number >> $0) } }
}

/// An IDX image file whose pixels count upwards.
func idxImages(count: Int, height: Int, width: Int) -> [UInt8] {
    bigEndian(2051, count, height, width) + (0..<count * height * width).map { UInt8(truncatingIfNeeded: $0) }
}

func idxLabels(_ labels: [UInt8]) -> [UInt8] {
    bigEndian(2049, labels.count) + labels
}

/// A gzip file of uncompressed blocks.
func gzip(_ bytes: [UInt8]) -> [UInt8] {
    var file: [UInt8] = [0x1F, 0x8B, 8, 0, 0, 0, 0, 0, 0, 255]
    var rest = bytes[...]
    repeat {
        let block = rest.prefix(65535)
        rest = rest.dropFirst(block.count)
        let size = UInt16(block.count)
        file.append(rest.isEmpty ? 1 : 0)
        for half in [size, ~size] { file += [UInt8(truncatingIfNeeded: half), UInt8(half >> 8)] }
        file += block
    } while !rest.isEmpty
    for number in [crc32(bytes), UInt32(truncatingIfNeeded: bytes.count)] {
        file += [0, 8, 16, 24].map { UInt8(truncatingIfNeeded: number >> $0) }
    }
    return file
}

/// The checksum of gzip and PNG.
func crc32(_ bytes: [UInt8]) -> UInt32 {
    var checksum = UInt32.max
    for byte in bytes {
        checksum ^= UInt32(byte)
        for _ in 0..<8 { checksum = checksum & 1 == 1 ? checksum >> 1 ^ 0xEDB8_8320 : checksum >> 1 }
    }
    return ~checksum
}

/// Reads the images of a file that is held in memory.
func images(in bytes: [UInt8], file: String = "bytes") throws -> ImageRun {
    try ImageSource.images(from: ByteStream(bytes: bytes, file: file), selecting: nil)
}

extension ImageRun {
    /// Number, height, width and channels.
    var sizes: [Int] { [total, height, width, channels] }
}

/// 500,000 zeros as gzip, 500 bytes.
let gzippedZeros: [UInt8] = {
    let text = "H4sIAAAAAAACA+3BAQEAAACCIP+vbkhAAQ" + String(repeating: "A", count: 643) + "PBssQecOCChBwA="
    return Array(Data(base64Encoded: text) ?? Data())
}()

func largestDifference(_ first: [UInt8], _ second: [UInt8]) -> Int {
    guard first.count == second.count else { return .max }
    return zip(first, second).map { abs(Int($0) - Int($1)) }.max() ?? 0
}

/// Expects an `ImageError` whose line contains every one of `parts`.
func expectImageError(
    _ parts: String...,
    sourceLocation: SourceLocation = #_sourceLocation,
    _ body: () throws -> Void
) {
    do {
        try body()
        Issue.record("an error was expected", sourceLocation: sourceLocation)
    } catch let error as ImageError {
        for part in parts {
            #expect(error.description.contains(part), "\(error)", sourceLocation: sourceLocation)
        }
        #expect(!error.description.contains("\n"), sourceLocation: sourceLocation)
    } catch {
        Issue.record("an ImageError was expected, got \(error)", sourceLocation: sourceLocation)
    }
}
