/// The handwritten digits of scikit-learn's `digits.csv`: lines of 64 whole numbers 0…16, an 8 × 8 picture, and a label.
///
/// Samples are scaled to 0…255 by `255 v / 16`, rounded.
///
/// - Source: Alpaydin, Kaynak, "Optical recognition of handwritten digits", UCI repository (1998).
enum DigitsCSV {
    private static let side = 8
    private static let longestLine = 256

    /// Reads the images whose number is in `selection`, checking the whole file.
    static func images(from stream: ByteStream, selecting selection: Range<Int>?) throws -> ImageRun {
        var run = ImageRun(total: 0, height: side, width: side, channels: 1, pixels: [], labels: [])
        while let line = try stream.readLine(limit: longestLine) {
            guard run.total < ImageLimit.images else {
                throw ImageError.tooLarge(file: stream.file, limit: "\(ImageLimit.images) lines", found: "more")
            }
            let numbers = line.split(separator: UInt8(ascii: ","), omittingEmptySubsequences: false).map(number)
            guard numbers.count == side * side + 1, let label = numbers.last ?? nil, label < 10,
                numbers.dropLast().allSatisfy({ ($0 ?? 17) <= 16 })
            else {
                throw ImageError.malformed(
                    file: stream.file,
                    expected: "64 whole numbers 0…16 and a label 0…9 on line \(run.total + 1)",
                    found: numbers.count == side * side + 1 ? "other values" : "\(numbers.count) columns"
                )
            }
            if selection?.contains(run.total) ?? true {
                run.labels?.append(label)
                run.pixels += numbers.dropLast().map { UInt8((($0 ?? 0) * 255 + 8) / 16) }
            }
            run.total += 1
        }
        return run
    }

    private static func number(_ text: ArraySlice<UInt8>) -> Int? {
        guard (1...2).contains(text.count) else { return nil }
        return text.reduce(0) { value, digit in
            guard let value, (0x30...0x39).contains(digit) else { return nil }
            return value * 10 + Int(digit - 0x30)
        }
    }
}
