public import Foundation
public import Graphs
internal import WeightSpaces

/// What an import is told beside the folder.
public struct ImportOptions: Sendable {
    /// What the files of SIRENs do not say.
    public var siren: SIRENDescription?
    /// The size of the pictures that SIRENs show.
    public var size: PixelGrid?
    /// The pictures that SIRENs were fitted to, in the order of the fact `image`.
    public var images: URL?
    /// Whether files that cannot be read are passed over.
    public var skipsUnreadable = false
    /// What is known of networks whose files do not say how they compute.
    public var stated = StatedFacts()

    public init() {}

    /// What is known about the pictures in a folder of SIRENs.
    func pictures(in folder: URL) throws -> SIRENImport {
        var siren = siren
        let url = folder.appending(path: SIRENImport.descriptionName)
        if siren == nil, let data = try? Data(contentsOf: url) {
            do {
                siren = try JSONDecoder().decode(SIRENDescription.self, from: data)
            } catch let error as DecodingError {
                throw ImportError.malformed(
                    file: url.relativePath, expected: "a description of SIRENs", found: error.oneLine)
            }
        }
        return try SIRENImport(siren, size: size, images: images, stating: stated)
    }
}
