internal import Foundation
internal import Glibc
internal import WeightSpaces

/// The image files of a folder, in the order of their images.
///
/// In the first of these forms that the folder has: MNIST's IDX files, training before test; CIFAR-10's batches, training
/// before test; pictures sorted by name; sub-folders of pictures, each a class, both sorted by name.
struct ImageFolder {
    let sources: [ImageSource]
    /// The names of the sub-folders that are classes.
    var labelNames: [String]?

    init(_ url: URL) throws {
        let names = try Self.names(in: url)
        let idx = names.filter { IDX.labelName(for: $0) != nil }
        let batches = names.filter(CIFAR10.isTrainingBatch) + names.filter(CIFAR10.isTestBatch)
        let pictures = names.filter(ImageFormat.isPictureName)
        if !idx.isEmpty {
            let training = idx.filter { $0.hasPrefix("train") }
            sources = (training + idx.filter { !$0.hasPrefix("train") }).map {
                ImageSource(url: url.appending(path: $0))
            }
        } else if !batches.isEmpty {
            sources = batches.map { ImageSource(url: url.appending(path: $0)) }
        } else {
            let classes = try Self.classes(in: url, names)
            if let picture = pictures.first, let subfolder = classes.first {
                throw ImageError.mixedFolder(folder: url.relativePath, picture: picture, subfolder: subfolder.name)
            }
            let loose = pictures.map { ImageSource(url: url.appending(path: $0), knownCount: 1) }
            let sorted = classes.enumerated().flatMap { label, subfolder in
                subfolder.pictures.map {
                    ImageSource(
                        url: url.appending(path: subfolder.name).appending(path: $0), label: label, knownCount: 1)
                }
            }
            sources = loose + sorted
            labelNames = classes.isEmpty ? nil : classes.map(\.name)
        }
        if sources.isEmpty { throw ImageError.noImages(folder: url.relativePath) }
    }

    /// The sub-folders that hold pictures.
    private static func classes(in url: URL, _ names: [String]) throws -> [(name: String, pictures: [String])] {
        try names.compactMap { name in
            var isFolder: ObjCBool = false
            let place = url.appending(path: name)
            guard FileManager.default.fileExists(atPath: place.path, isDirectory: &isFolder), isFolder.boolValue else {
                return nil
            }
            let pictures = try Self.names(in: place).filter(ImageFormat.isPictureName)
            return pictures.isEmpty ? nil : (name, pictures)
        }
    }

    /// Visible names in the order of their Unicode scalars; of a file that is there twice, the one without `.gz`.
    private static func names(in url: URL) throws -> [String] {
        guard access(url.path, R_OK | X_OK) == 0 else { throw FileError.last(.list, url.relativePath) }
        let names = try FileManager.default.contentsOfDirectory(atPath: url.path).filter { !$0.hasPrefix(".") }
        let present = Set(names)
        return names.filter { !$0.hasSuffix(".gz") || !present.contains(String($0.dropLast(3))) }.sorted()
    }
}
