public import FoundationEssentials
import Glibc

/// A file that appears under its name only when it is complete.
///
/// The bytes go to a temporary file in the same folder, which is synced to disk and then renamed over the target, so
/// that a reader, a crash or a full disk meets either the old file or the new one, never a part. When anything fails,
/// the temporary file is removed; only a killed process leaves one behind (`removeLeftovers(in:)`).
public struct AtomicFile: ~Copyable {
    private static let suffix = ".partial"

    private let descriptor: Int32
    private let name: String

    /// Writes what `body` writes to `url`, replacing a file that is there.
    ///
    /// A symbolic link at `url` is followed, and the file that it names is replaced.
    ///
    /// - Throws: `FileError`, or what `body` throws; then the target is as it was before.
    public static func write(to url: URL, _ body: (borrowing AtomicFile) throws -> Void) throws {
        let name = url.relativePath
        let target = url.resolvingSymlinksInPath()
        var status = stat()
        if stat(target.path, &status) == 0 { try FileError.requireRegular(status, name) }

        let folder = target.deletingLastPathComponent()
        let temporary = folder.appending(path: ".\(String(UInt64.random(in: 0 ... .max), radix: 36))\(suffix)").path
        let descriptor = open(temporary, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o666)
        guard descriptor >= 0 else { throw FileError.last(.create, name) }
        do {
            let file = AtomicFile(descriptor: descriptor, name: name)
            try file.fill(body)
            guard rename(temporary, target.path) == 0 else { throw FileError.last(.rename, name) }
        } catch {
            unlink(temporary)
            throw error
        }
        try syncFolder(folder, name)
    }

    /// Writes `contents` to `url`, replacing a file that is there.
    ///
    /// - Throws: `FileError`; then the target is as it was before.
    public static func write(_ contents: some ContiguousBytes, to url: URL) throws {
        try write(to: url) { file in
            try contents.withUnsafeBytes { try file.write($0) }
        }
    }

    /// Removes the temporary files that killed processes left in `folder`.
    ///
    /// Only for a caller that owns the folder: a write in progress there would lose its file and throw.
    ///
    /// - Throws: `FileError` when the folder cannot be listed or a leftover cannot be removed.
    public static func removeLeftovers(in folder: URL) throws {
        guard let stream = opendir(folder.path) else { throw FileError.last(.list, folder.relativePath) }
        defer { closedir(stream) }
        while let record = readdir(stream) {
            let name = withUnsafeBytes(of: record.pointee.d_name) { raw in
                String(decoding: raw.prefix { $0 != 0 }, as: UTF8.self)
            }
            guard name.hasPrefix("."), name.hasSuffix(suffix) else { continue }
            let leftover = folder.appending(path: name)
            guard unlink(leftover.path) == 0 || errno == ENOENT else {
                throw FileError.last(.remove, leftover.relativePath)
            }
        }
    }

    /// Appends `bytes`.
    ///
    /// - Throws: `FileError`, with `ENOSPC` when the disk is full.
    public borrowing func write(_ bytes: UnsafeRawBufferPointer) throws {
        var rest = bytes[...]
        while !rest.isEmpty {
            let written = UnsafeRawBufferPointer(rebasing: rest).withMemoryRebound(to: UInt8.self) {
                Glibc.write(descriptor, $0.baseAddress, $0.count)
            }
            if written < 0 {
                if errno == EINTR { continue }
                throw FileError.last(.write, name)
            }
            rest = rest.dropFirst(written)
        }
    }

    /// Lets `body` write, brings the bytes to disk and closes the file, whether or not that succeeds.
    private borrowing func fill(_ body: (borrowing AtomicFile) throws -> Void) throws {
        do {
            try body(self)
            guard fsync(descriptor) == 0 else { throw FileError.last(.sync, name) }
        } catch {
            close(descriptor)
            throw error
        }
        guard close(descriptor) == 0 else { throw FileError.last(.close, name) }
    }

    /// Brings the rename itself to disk; file systems that cannot sync a folder say `EINVAL` and need not.
    private static func syncFolder(_ folder: URL, _ name: String) throws {
        let descriptor = open(folder.path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard descriptor >= 0 else { throw FileError.last(.sync, name) }
        defer { close(descriptor) }
        guard fsync(descriptor) == 0 || errno == EINVAL else { throw FileError.last(.sync, name) }
    }
}
