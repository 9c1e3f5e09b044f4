internal import Foundation

/// Reads a regular file in chunks.
final class FileReader {
    let file: String
    let count: Int
    private let handle: FileHandle

    private static let chunkCount = 1 << 16

    /// - Throws: `ImageError.unreadable` when the path is not a regular file that can be opened.
    init(_ url: URL) throws {
        file = url.relativePath
        let target = url.resolvingSymlinksInPath()
        guard let values = try? target.resourceValues(forKeys: [.isRegularFileKey, .fileSizeKey]) else {
            throw ImageError.unreadable(file: file, reason: "no such file, or its folder cannot be read")
        }
        guard values.isRegularFile == true, let size = values.fileSize else {
            throw ImageError.unreadable(file: file, reason: "expected a regular file, found something else")
        }
        guard let handle = try? FileHandle(forReadingFrom: target) else {
            throw ImageError.unreadable(file: file, reason: "cannot be opened; check its permissions")
        }
        count = size
        self.handle = handle
    }

    /// The next bytes, empty at the end.
    func nextChunk() throws -> [UInt8] {
        do {
            return try handle.read(upToCount: Self.chunkCount).map(Array.init) ?? []
        } catch {
            throw ImageError.unreadable(file: file, reason: "reading failed: \(error.localizedDescription)")
        }
    }
}
