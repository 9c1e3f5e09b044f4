internal import WeightSpaces

/// Why a file's content cannot be taken as pictures. Each message is one line that names the file.
///
/// What the file system refuses is a `FileError`.
public enum ImageError: Error, Equatable, CustomStringConvertible {
    /// No known format starts this way.
    case unknownFormat(file: String, found: String)
    /// The content breaks its format.
    case malformed(file: String, expected: String, found: String)
    /// The format is known, this variant of it is not read.
    case unsupported(file: String, found: String, fix: String)
    /// More than this program is willing to allocate.
    case tooLarge(file: String, limit: String, found: String)
    /// A picture that does not go with the first one.
    case differs(file: String, expected: String, found: String)
    /// A folder without pictures.
    case noImages(folder: String)
    /// A folder with pictures of its own and with sub-folders of pictures, which would be classes.
    case mixedFolder(folder: String, picture: String, subfolder: String)
    /// A range of images that the source does not have; `count` is nil where it was not needed to tell.
    case outOfRange(file: String, requested: Range<Int>, count: Int?)

    public var description: String {
        switch self {
        case .unknownFormat(let file, let found):
            "\(file.oneLine()): expected IDX, CIFAR-10, PNG, JPEG, PPM, PGM or the digits' CSV, found \(found)"
        case .malformed(let file, let expected, let found):
            "\(file.oneLine()): expected \(expected), found \(found.oneLine())"
        case .unsupported(let file, let found, let fix):
            "\(file.oneLine()): \(found) is not supported; \(fix)"
        case .tooLarge(let file, let limit, let found):
            "\(file.oneLine()): expected at most \(limit), found \(found)"
        case .differs(let file, let expected, let found):
            "\(file.oneLine()): expected \(expected) like the ones before, found \(found)"
        case .noImages(let folder):
            "\(folder.oneLine()): expected IDX files, CIFAR-10 batches or pictures (png, jpg, jpeg, ppm, pgm, pnm) "
                + "here or in its sub-folders, found none"
        case .mixedFolder(let folder, let picture, let subfolder):
            "\(folder.oneLine()): expected pictures either here or in sub-folders named after their classes, "
                + "found both \(picture.oneLine()) and \(subfolder.oneLine())"
        case .outOfRange(let file, let requested, let count):
            "\(file.oneLine()): expected a non-empty range within its images\(count.map { " 0..<\($0)" } ?? ""), "
                + "found \(requested.lowerBound)..<\(requested.upperBound)"
        }
    }
}
