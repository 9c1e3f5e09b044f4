import Testing

@testable import Zoo

/// Damaged files either load, whole, or give one line of an `ImageError`.
@Suite struct ImageMutationTests {
    static let seeds: [(String, [UInt8])] = {
        var bytes = TestBytes(state: 6)
        let image = bytes.image(height: 6, width: 5, channels: 3)
        let digits = (0..<3).map { _ in (0..<65).map { "\($0 % 10)" }.joined(separator: ",") }.joined(separator: "\n")
        return [
            ("IDX", idxImages(count: 3, height: 4, width: 5)),
            ("IDX in gzip", gzip(idxImages(count: 3, height: 4, width: 5))),
            ("zeros in gzip", gzip(bigEndian(2051, 500, 100, 10)) + gzippedZeros),
            ("CIFAR-10", CIFAR10Tests.record(0, label: 3)),
            ("digits", Array(digits.utf8)),
            ("PGM", Array("P5 5 4 255\n".utf8) + [UInt8](0..<20)),
            ("PPM text", Array("P3 2 2 9 1 2 3 4 5 6 7 8 9 1 2 3\n".utf8)),
            ("PNG", PNG.encoded(image)),
            ("palette PNG", pngSamples[4].bytes),
            ("interlaced PNG", pngSamples[9].bytes),
            ("JPEG", JPEGSample.colour),
            ("progressive JPEG", JPEGSample.progressive),
        ]
    }()

    @Test(arguments: seeds.indices) func damagedFilesLoadOrGiveOneLine(index: Int) throws {
        let (name, good) = Self.seeds[index]
        #expect(try images(in: good).pixels.isEmpty == false)
        var random = TestBytes(state: UInt64(index))
        for trial in 0..<2000 {
            var bytes = mutated(good, &random)
            if name.hasSuffix("PNG"), trial % 4 != 0 { repairChecksums(&bytes) }
            do {
                let run = try images(in: bytes, file: name)
                #expect(run.pixels.count == run.total * run.height * run.width * run.channels)
                #expect(run.labels.map { $0.count == run.total } ?? true)
            } catch let error as ImageError {
                #expect(!error.description.contains("\n") && error.description.hasPrefix(name))
            }
        }
    }

    private func mutated(_ good: [UInt8], _ random: inout TestBytes) -> [UInt8] {
        var bytes = good
        for _ in 0..<Int.random(in: 1...4, using: &random) where !bytes.isEmpty {
            // Headers are where the interesting bytes are.
            let reach = Bool.random(using: &random) ? min(bytes.count, 40) : bytes.count
            let place = Int.random(in: 0..<reach, using: &random)
            switch Int.random(in: 0..<6, using: &random) {
            case 0: bytes[place] ^= 1 << UInt8.random(in: 0..<8, using: &random)
            case 1: bytes[place] = .random(in: 0...255, using: &random)
            case 2: bytes[place] = Bool.random(using: &random) ? 0 : 255
            case 3: bytes.insert(.random(in: 0...255, using: &random), at: place)
            case 4: bytes.remove(at: place)
            default: bytes.removeLast(Int.random(in: 0...bytes.count, using: &random) / 4)
            }
        }
        return bytes
    }

    /// Makes the checksums of PNG chunks right again, so that damage reaches what lies behind them.
    private func repairChecksums(_ bytes: inout [UInt8]) {
        var place = 8
        while place + 12 <= bytes.count {
            let count = bytes[place..<place + 4].reduce(0) { $0 << 8 | Int($1) }
            guard place + 12 + count <= bytes.count else { return }
            let checksum = crc32(Array(bytes[place + 4..<place + 8 + count]))
            bytes.replaceSubrange(place + 8 + count..<place + 12 + count, with: bigEndian(Int(checksum)))
            place += 12 + count
        }
    }
}
