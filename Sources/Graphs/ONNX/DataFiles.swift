import FoundationEssentials
import WeightSpaces

/// The files of elements that belong to a model which is about to be replaced.
struct DataFiles {
    private let model: URL
    private let files: [URL]

    /// The files that the model at `url` uses, if there is one, but for those that another model, `source`, reads.
    init(ofModelAt url: URL, asReadBy source: ONNXFile) {
        model = url
        if Self.path(url) == Self.path(source.url) {
            files = source.externalURLs
        } else {
            let kept = Set(source.externalURLs.map(Self.path))
            let used = (try? ONNXFile(url))?.externalURLs ?? []
            files = used.filter { !kept.contains(Self.path($0)) }
        }
    }

    /// Removes the files that no other file beside the model mentions, once the model is replaced.
    ///
    /// - Parameter new: what was written in their place.
    func removeUnused(besides new: URL?) {
        if files.isEmpty { return }
        let folder = model.deletingLastPathComponent()
        let own = Set(([model, new].compactMap(\.self) + files).map(Self.path))
        let names = (try? FileManager.default.contentsOfDirectory(atPath: folder.path)) ?? []
        let others = names.map { folder.appending(path: $0) }.filter { !own.contains(Self.path($0)) }
        for file in files where !others.contains(where: { Self.mentions($0, file.lastPathComponent) }) {
            // The model is in place; a file that cannot be removed only takes room.
            try? FileManager.default.removeItem(at: file)
        }
    }

    /// Whether `name` occurs in a file that could be a model; what cannot be read is taken for one.
    private static func mentions(_ url: URL, _ name: String) -> Bool {
        var isFolder = false
        guard FileManager.default.fileExists(atPath: url.path, isDirectory: &isFolder), !isFolder else { return false }
        do {
            let file = try MappedFile(url)
            // No message of the format is longer.
            guard file.count <= Int(Int32.max) else { return false }
            return file.withUnsafeBytes { bytes in
                let lent = Data(
                    bytesNoCopy: UnsafeMutableRawPointer(mutating: bytes.baseAddress!), count: bytes.count,
                    deallocator: .none)
                return lent.range(of: Data(name.utf8)) != nil
            }
        } catch FormatError.empty {
            return false
        } catch {
            return true
        }
    }

    private static func path(_ url: URL) -> String { url.resolvingSymlinksInPath().standardized.path }
}
