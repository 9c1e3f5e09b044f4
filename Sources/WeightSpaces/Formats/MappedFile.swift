public import FoundationEssentials
import Glibc

/// The bytes of a file, mapped into memory for reading.
///
/// Pages are read from disk when they are touched and can be dropped again by the system, so a file may be larger than
/// memory. The mapping lives as long as the object; replacing the file by renaming another over it leaves it intact.
///
/// - Traps: the system ends the process (`SIGBUS`) when another program *shortens* the file while it is mapped.
public final class MappedFile: Sendable {
    /// Where the file is.
    public let url: URL
    /// How many bytes it has; at least one.
    public var count: Int { bytes.count }

    private nonisolated(unsafe) let bytes: UnsafeRawBufferPointer

    /// Maps the file at `url`.
    ///
    /// - Throws: `FileError` when it cannot be opened or is not a regular file; `FormatError.empty` when it has no bytes.
    public init(_ url: URL) throws {
        let name = url.relativePath
        // Without O_NONBLOCK, opening a pipe that nobody writes to would wait for ever.
        let descriptor = open(url.path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
        guard descriptor >= 0 else { throw FileError.last(.open, name) }
        defer { close(descriptor) }
        var status = stat()
        guard fstat(descriptor, &status) == 0 else { throw FileError.last(.open, name) }
        try FileError.requireRegular(status, name)
        let count = Int(status.st_size)
        guard count > 0 else { throw FormatError.empty(file: name) }
        guard let start = mmap(nil, count, PROT_READ, MAP_PRIVATE, descriptor, 0), start != MAP_FAILED else {
            throw FileError.last(.map, name)
        }
        self.url = url
        bytes = UnsafeRawBufferPointer(start: start, count: count)
    }

    deinit {
        munmap(UnsafeMutableRawPointer(mutating: bytes.baseAddress), bytes.count)
    }

    /// Calls `body` with the file's bytes, which are valid only during the call.
    public func withUnsafeBytes<Result>(_ body: (UnsafeRawBufferPointer) throws -> Result) rethrows -> Result {
        try withExtendedLifetime(self) { try body(bytes) }
    }
}
