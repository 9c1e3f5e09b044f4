internal import Foundation
internal import WeightSpaces

/// Tells files apart without reading all of large ones: their names, their sizes and sixteen places in each.
///
/// Guards against mistakes, not against an adversary.
struct SourceFingerprint {
    private var checksum = CRC32()
    private var bytes = 0

    private static let places = 16
    private static let placeSize = 1 << 16

    /// - Output: the file's size.
    /// - Throws: `FileError`.
    @discardableResult
    mutating func absorb(_ url: URL, called name: String) throws -> Int {
        do {
            return try MappedFile(url).withUnsafeBytes { content in
                absorb("\(name) \(content.count)\n")
                bytes += content.count
                for start in Self.starts(in: content.count) {
                    let end = min(content.count, start + Self.placeSize)
                    checksum.append(UnsafeRawBufferPointer(rebasing: content[start..<end]))
                }
                return content.count
            }
        } catch FormatError.empty {
            absorb("\(name) 0\n")
            return 0
        }
    }

    /// The number of bytes in all files, and eight digits that change with any of the places.
    var text: String { "\(bytes) \(String(checksum.value, radix: 16))" }

    private mutating func absorb(_ text: String) {
        Array(text.utf8).withUnsafeBytes { checksum.append($0) }
    }

    /// The whole of a small file, the first and the last bytes of a large one and places evenly between.
    private static func starts(in count: Int) -> [Int] {
        if count <= places * placeSize { return Array(stride(from: 0, to: count, by: placeSize)) }
        return (0..<places).map { Int(Double(count - placeSize) * Double($0) / Double(places - 1)) }
    }
}
