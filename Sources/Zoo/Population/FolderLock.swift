internal import Foundation
internal import Glibc
internal import WeightSpaces

/// Keeps other processes that ask for it from writing to a folder; the system lets go of it when the process ends.
final class FolderLock: Sendable {
    private let descriptor: Int32

    /// - Throws: ``ZooError/busy(folder:)`` when another process has it; `FileError` when the folder cannot be opened.
    init(_ folder: URL) throws {
        let name = folder.relativePath
        descriptor = open(folder.path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard descriptor >= 0 else { throw FileError.system(.open, file: name, code: errno) }
        guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else {
            let code = errno
            close(descriptor)
            throw code == EWOULDBLOCK ? ZooError.busy(folder: name) : FileError.system(.open, file: name, code: code)
        }
    }

    deinit { close(descriptor) }
}
