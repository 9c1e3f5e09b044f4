import Foundation

/// Writes an IDX file of 6 × 5 pictures with a slope each.
func writeSlopes(count: Int, to url: URL) throws {
    var bytes: [UInt8] = [0, 0, 8, 3, 0, 0, 0, UInt8(count), 0, 0, 0, 6, 0, 0, 0, 5]
    for image in 0..<count {
        for row in 0..<6 { bytes += (0..<5).map { UInt8((20 * row + (10 + image) * $0) % 256) } }
    }
    try Data(bytes).write(to: url)
}

/// The width and height of a PNG file.
func sizeOfPNG(_ url: URL) throws -> (width: Int, height: Int)? {
    let bytes = [UInt8](try Data(contentsOf: url))
    guard bytes.starts(with: [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A]), bytes.count > 24 else { return nil }
    func number(_ offset: Int) -> Int { bytes[offset..<offset + 4].reduce(0) { $0 << 8 | Int($1) } }
    return (number(16), number(20))
}
