/// Why pictures cannot be had from a file. Each message is one line that names the file.
public enum ImageError: Error, Equatable, CustomStringConvertible {
    /// The file system refused.
    case unreadable(file: String, reason: String)
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
    /// A range of images that the source does not have.
    case outOfRange(file: String, requested: Range<Int>, count: Int)

    public var description: String {
        switch self {
        case .unreadable(let file, let reason):
            "\(file): \(reason)"
        case .unknownFormat(let file, let found):
            "\(file): expected IDX, CIFAR-10 binary, PNG, JPEG, PPM, PGM or digits CSV, found \(found)"
        case .malformed(let file, let expected, let found):
            "\(file): expected \(expected), found \(found)"
        case .unsupported(let file, let found, let fix):
            "\(file): \(found) is not supported; \(fix)"
        case .tooLarge(let file, let limit, let found):
            "\(file): expected at most \(limit), found \(found)"
        case .differs(let file, let expected, let found):
            "\(file): expected \(expected) like the pictures before it, found \(found)"
        case .noImages(let folder):
            "\(folder): expected IDX files, CIFAR-10 batches or pictures (png, jpg, jpeg, ppm, pgm, pnm) "
                + "in this folder or its sub-folders, found none"
        case .outOfRange(let file, let requested, let count):
            "\(file): expected a non-empty range within 0..<\(count), found \(requested)"
        }
    }

    /// True when the file system is to blame, false when the data is.
    public var isFileError: Bool {
        if case .unreadable = self { true } else { false }
    }
}
