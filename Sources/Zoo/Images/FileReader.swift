internal import Foundation
internal import Glibc
internal import WeightSpaces

/// Reads a regular file in chunks.
final class FileReader {
    let file: String
    let count: Int
    private let descriptor: Int32

    private static let chunkCount = 1 << 16

    /// - Throws: `FileError` when the path is not a regular file that can be opened.
    init(_ url: URL) throws {
        file = url.relativePath
        // A pipe would wait for its writer before it could be refused.
        descriptor = open(url.path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
        guard descriptor >= 0 else { throw FileError.last(.open, file) }
        var status = stat()
        do {
            guard fstat(descriptor, &status) == 0 else { throw FileError.last(.open, file) }
            try FileError.requireRegular(status, file)
        } catch {
            close(descriptor)
            throw error
        }
        count = Int(status.st_size)
    }

    deinit {
        close(descriptor)
    }

    /// The next bytes, empty at the end.
    func nextChunk() throws -> [UInt8] {
        var failure: FileError?
        let chunk = [UInt8](unsafeUninitializedCapacity: Self.chunkCount) { room, count in
            var found: Int
            repeat { found = read(descriptor, room.baseAddress, room.count) } while found < 0 && errno == EINTR
            if found < 0 { failure = .last(.read, file) }
            count = max(found, 0)
        }
        if let failure { throw failure }
        return chunk
    }
}
