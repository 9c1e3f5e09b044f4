import Testing
import WeightSpaces

/// Expects an error of the format that fills one line and names the file.
func expectOneLine(_ error: any Error, about file: String, _ comment: Comment) {
    let message = "\(error)"
    #expect(error is FormatError, comment)
    #expect(message.hasPrefix("\(file): "), comment)
    #expect(message.utf8.count < 1_000 && !message.utf8.contains { $0 < 0x20 }, comment)
}
