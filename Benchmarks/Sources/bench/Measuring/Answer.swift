import Foundation

/// What a worker says in one line of JSON.
struct Answer: Codable {
    /// When it is set up: the number of trainable numbers.
    var parameters: Int?
    /// After steps: what each of them took.
    var seconds: [Double]?
    /// At the end: the most memory that it held, beyond what it held before the case was set up.
    var peakMB: Double?
    /// At the end: the median quality of fitted networks, in dB.
    var psnr: Double?
    /// Instead of all that: why it cannot go on.
    var failure: String?

    private enum CodingKeys: String, CodingKey {
        case parameters, seconds, psnr, failure
        case peakMB = "peak_mb"
    }

    /// Says it.
    func print() throws {
        FileHandle.standardOutput.write(try JSONEncoder().encode(self) + Data("\n".utf8))
    }
}
