import Testing

@testable import Zoo

@Suite struct DigitsCSVTests {
    private func line(_ values: [Int], _ label: Int = 5) -> String {
        (values + [label]).map(String.init).joined(separator: ",")
    }

    @Test(arguments: ["\n", "\r\n"]) func sixteenBecomesWhite(ending: String) throws {
        let values = (0..<64).map { $0 % 17 }
        let text = line(values, 3) + ending + line([Int](repeating: 16, count: 64), 0)
        for file in [text, text + ending] {
            for bytes in [Array(file.utf8), gzip(Array(file.utf8))] {
                let run = try images(in: bytes)
                #expect(run.sizes == [2, 8, 8, 1])
                #expect(run.labels == [3, 0])
                #expect(run.pixels.prefix(17).map(Int.init) == (0...16).map { Int((Double($0) * 255 / 16).rounded()) })
                #expect(run.pixels.last == 255)
            }
        }
    }

    @Test func brokenLinesAreNumbered() {
        let good = line([Int](repeating: 1, count: 64)) + "\n"
        for (text, says) in [
            (good + line([Int](repeating: 1, count: 63)), "64 columns"), (good + "\n" + good, "1 columns"),
            (good + line([Int](repeating: 17, count: 64)), "other values"), (good + line([], 0), "1 columns"),
            (good + line([Int](repeating: 1, count: 64), 10), "other values"),
            (good + good.replacing("1,5", with: "1,x"), "other values"),
            (good + good.replacing("1,5", with: ",5"), "other"),
        ] {
            expectImageError("d.csv", "on line 2", says) { _ = try images(in: Array(text.utf8), file: "d.csv") }
        }
        let long = "1" + String(repeating: "1", count: 300)
        expectImageError("d.csv", "256 bytes") { _ = try images(in: Array(long.utf8), file: "d.csv") }
    }
}
