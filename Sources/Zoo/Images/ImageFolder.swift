internal import Foundation

/// The image files of a folder, in the order of their images.
///
/// In the first of these forms that the folder has: MNIST's IDX files, training before test.
struct ImageFolder {
    let sources: [ImageSource]

    init(_ url: URL) throws {
        let names: [String]
        do {
            names = try FileManager.default.contentsOfDirectory(atPath: url.path).filter { !$0.hasPrefix(".") }.sorted()
        } catch {
            throw ImageError.unreadable(file: url.relativePath, reason: "the folder cannot be read")
        }
        let idx = names.filter { IDX.labelName(for: $0) != nil }
        let training = idx.filter { $0.hasPrefix("train") }
        sources = (training + idx.filter { !$0.hasPrefix("train") })
            .map { ImageSource(url: url.appendingPathComponent($0)) }
        if sources.isEmpty { throw ImageError.noImages(folder: url.relativePath) }
    }
}
