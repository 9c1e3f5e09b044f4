internal import Foundation
internal import WeightSpaces

/// The checksum of a finished catalog, in a file of its own.
///
/// A catalog without a seal is being written, or its writer was killed.
enum CatalogSeal {
    static let fileName = "catalog.crc32"

    /// What is true of a catalog.
    enum State: Equatable {
        case sealed
        case open
        case broken(expected: String, found: String)
    }

    static func state(in folder: URL) throws -> State {
        let url = folder.appending(path: fileName)
        guard FileManager.default.fileExists(atPath: url.path) else { return .open }
        let expected = String(decoding: try Data(contentsOf: url), as: UTF8.self)
        let found = try MappedFile(folder.appending(path: Catalog.fileName)).withUnsafeBytes(text)
        return expected == found ? .sealed : .broken(expected: expected, found: found)
    }

    /// Replaces the catalog by a finished one, and seals it.
    static func write(_ catalog: Data, in folder: URL) throws {
        try AtomicFile.write(catalog, to: folder.appending(path: Catalog.fileName))
        try AtomicFile.write(Data(catalog.withUnsafeBytes(text).utf8), to: folder.appending(path: fileName))
    }

    static func remove(in folder: URL) throws {
        try Folder.remove(folder.appending(path: fileName))
    }

    private static func text(_ bytes: UnsafeRawBufferPointer) -> String {
        "\(String(CRC32(of: bytes).value, radix: 16)) \(bytes.count)\n"
    }
}
