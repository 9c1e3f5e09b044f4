internal import Foundation
internal import WeightSpaces

/// Tells files apart by their names, their sizes and all of their bytes.
///
/// Guards against mistakes, not against an adversary.
struct SourceFingerprint {
    private var checksum = CRC32()
    private var bytes = 0

    /// - Output: the file's size.
    /// - Throws: `FileError`.
    @discardableResult
    mutating func absorb(_ url: URL, called name: String) throws -> Int {
        do {
            return try MappedFile(url).withUnsafeBytes { content in
                absorb("\(name) \(content.count)\n")
                checksum.append(content)
                bytes += content.count
                return content.count
            }
        } catch FormatError.empty {
            absorb("\(name) 0\n")
            return 0
        }
    }

    /// The number of bytes in all files, and hexadecimal digits that change with any of them.
    var text: String { "\(bytes) \(String(checksum.value, radix: 16))" }

    private mutating func absorb(_ text: String) {
        Array(text.utf8).withUnsafeBytes { checksum.append($0) }
    }
}
