public import FoundationEssentials
import Glibc

/// A folder that artifacts are written to.
public enum Folder {
    /// Makes the folder at `url`, and those that it lies in, where they are missing.
    ///
    /// - Throws: `FileError`, when one cannot be made or a file is in its place.
    public static func create(_ url: URL) throws {
        if try exists(url) { return }
        let parent = url.standardized.deletingLastPathComponent()
        if parent.path != url.path { try create(parent) }
        guard mkdir(url.path, 0o777) == 0 || errno == EEXIST else {
            throw FileError.last(.create, url.relativePath)
        }
    }

    /// The names in the folder at `url`, hidden ones left out, in alphabetical order.
    ///
    /// - Throws: `FileError` when it cannot be listed.
    public static func contents(of url: URL) throws -> [String] {
        guard let stream = opendir(url.path) else { throw FileError.last(.list, url.relativePath) }
        defer { closedir(stream) }
        var names: [String] = []
        while let record = readdir(stream) {
            let name = withUnsafeBytes(of: record.pointee.d_name) { raw in
                String(decoding: raw.prefix { $0 != 0 }, as: UTF8.self)
            }
            if !name.hasPrefix(".") { names.append(name) }
        }
        return names.sorted()
    }

    /// Removes the file at `url`, if there is one.
    ///
    /// - Throws: `FileError`.
    package static func remove(_ url: URL) throws {
        guard unlink(url.path) == 0 || errno == ENOENT else { throw FileError.last(.remove, url.relativePath) }
    }

    private static func exists(_ url: URL) throws -> Bool {
        var status = stat()
        guard stat(url.path, &status) == 0 else { return false }
        guard status.st_mode & S_IFMT == S_IFDIR else {
            throw FileError.system(.create, file: url.relativePath, code: ENOTDIR)
        }
        return true
    }
}
