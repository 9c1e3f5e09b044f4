package import Glibc

/// A failure of the operating system to give or take a file's bytes.
public enum FileError: Error, Equatable, CustomStringConvertible {
    /// What was tried.
    public enum Operation: String, Sendable {
        case open, map, read, create, write, sync, close, rename, list, remove
    }

    /// The operation failed with the system's error number `code`.
    case system(Operation, file: String, code: Int32)
    /// The path leads to something that holds no bytes of its own: a folder, a device, a pipe.
    case notRegular(file: String, found: String)

    /// One line that names the file and says what is wrong with it.
    public var description: String {
        switch self {
        case .system(let operation, let file, let code):
            "cannot \(operation.rawValue) \(file.oneLine()): \(String(cString: strerror(code)))\(Self.remedy(for: code))"
        case .notRegular(let file, let found):
            "cannot use \(file.oneLine()): expected a regular file, found \(found)"
        }
    }

    private static func remedy(for code: Int32) -> String {
        switch code {
        case ENOSPC, EDQUOT: "; free some space or choose another folder"
        case EACCES, EPERM, EROFS: "; check its permissions or choose another folder"
        case ENOENT, ENOTDIR: "; check the path"
        default: ""
        }
    }

    /// The error for a call that has just failed, from `errno`.
    package static func last(_ operation: Operation, _ file: String) -> FileError {
        .system(operation, file: file, code: errno)
    }

    /// Throws unless `status` describes a regular file.
    package static func requireRegular(_ status: stat, _ file: String) throws(FileError) {
        switch status.st_mode & S_IFMT {
        case S_IFREG: return
        case S_IFDIR: throw .notRegular(file: file, found: "a folder")
        case S_IFCHR, S_IFBLK: throw .notRegular(file: file, found: "a device")
        case S_IFIFO: throw .notRegular(file: file, found: "a pipe")
        default: throw .notRegular(file: file, found: "a socket")
        }
    }
}
