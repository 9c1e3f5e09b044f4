public import Foundation
internal import WeightSpaces

/// What a zoo was made from, written before its first network.
///
/// Networks are numbered image by image: network `k` is fit `k mod fits` of image `images.first + k / fits`.
public struct ZooManifest: Hashable, Codable, Sendable {
    /// The pictures that the networks show.
    public struct Images: Hashable, Codable, Sendable {
        /// What they were read from.
        public let name: String
        /// The position of the first one in its source.
        public let first: Int
        /// How many there are.
        public let count: Int
        /// Rows of each.
        public let height: Int
        /// Columns of each.
        public let width: Int
        /// 1 (grey) or 3 (RGB).
        public let channels: Int
        /// Changes with any pixel or label.
        public let fingerprint: String

        /// Describes images of which the first is at position `first` of the source.
        public init(_ images: ImageSet, first: Int = 0) {
            name = images.name
            self.first = first
            count = images.count
            height = images.height
            width = images.width
            channels = images.channels
            fingerprint = images.fingerprint
        }

        /// The pixels of each.
        public var grid: PixelGrid { PixelGrid(height: height, width: width) }
    }

    /// The version of the folder's layout.
    public let version: Int
    /// The pictures.
    public let images: Images
    /// Networks per image.
    public let fits: Int
    /// How each image turned into a network.
    public let recipe: FittingRecipe
    /// Networks in each shard but the last, which may have fewer.
    public let shardRows: Int

    /// The only version that there is.
    public static let currentVersion = 1
    /// Where a zoo's folder keeps its manifest.
    public static let fileName = "manifest.json"

    public init(images: Images, fits: Int, recipe: FittingRecipe, shardRows: Int = 512) {
        version = Self.currentVersion
        self.images = images
        self.fits = fits
        self.recipe = recipe
        self.shardRows = shardRows
    }

    /// The number of networks.
    public var count: Int { images.count * fits }

    /// The number of shards.
    public var shardCount: Int { (count + shardRows - 1) / shardRows }

    /// The networks of a shard.
    public func networks(inShard shard: Int) -> Range<Int> {
        shard * shardRows..<min(count, (shard + 1) * shardRows)
    }

    /// The image of a network, as its position in the source.
    public func image(of network: Int) -> Int { images.first + network / fits }

    /// Which of its image's fits a network is.
    public func fit(of network: Int) -> Int { network % fits }

    /// The file name of a shard.
    public static func fileName(ofShard shard: Int) -> String {
        let digits = String(shard)
        return "shard-\(String(repeating: "0", count: max(0, 5 - digits.count)))\(digits).safetensors"
    }
}

extension ZooManifest {
    /// Reads the manifest in a zoo's folder.
    ///
    /// - Throws: `FileError` when there is none; ``ZooError`` when it is of another version or makes no sense.
    public init(of folder: URL) throws {
        let url = folder.appending(path: Self.fileName)
        let data = try MappedFile(url).withUnsafeBytes { Data($0) }
        do {
            let version = try JSONDecoder().decode(Version.self, from: data).version
            guard version == Self.currentVersion else {
                throw ZooError.version(file: url.relativePath, expected: Self.currentVersion, found: version)
            }
            self = try JSONDecoder().decode(ZooManifest.self, from: data)
        } catch let error as DecodingError {
            throw ZooError.manifest(file: url.relativePath, problem: error.oneLine)
        }
        if let flaw { throw ZooError.manifest(file: url.relativePath, problem: flaw) }
    }

    /// Writes the manifest into a zoo's folder.
    ///
    /// - Throws: `FileError`.
    func write(to folder: URL) throws {
        try AtomicFile.write(try json, to: folder.appending(path: Self.fileName))
    }

    /// What differs from another manifest, apart from the name under which the images were found.
    func difference(from other: ZooManifest) throws -> JSONTree.Difference? {
        let trees = try [self, other].map { try JSONDecoder().decode(JSONTree.self, from: $0.json) }
        return trees[0].firstDifference(from: trees[1], ignoring: ["images.name"])
    }

    private var json: Data {
        get throws {
            let encoder = JSONEncoder()
            encoder.outputFormatting = [.sortedKeys, .prettyPrinted, .withoutEscapingSlashes]
            return try encoder.encode(self)
        }
    }

    /// What keeps the manifest from describing a zoo, if anything.
    private var flaw: String? {
        let limit = 1 << 40
        let numbers = [
            ("images.count", images.count, 1...limit), ("images.first", images.first, 0...limit),
            ("images.height", images.height, PixelGrid.sides), ("images.width", images.width, PixelGrid.sides),
            ("fits", fits, 1...limit / images.count.clamped(to: 1...limit)), ("shardRows", shardRows, 1...limit),
        ]
        for (name, number, range) in numbers where !range.contains(number) {
            return "expected \(name) in \(range), found \(number)"
        }
        let widths = recipe.siren.widths
        if widths.first != 2 || widths.last != images.channels {
            return "expected networks from 2 coordinates to \(images.channels) channels, found widths \(widths)"
        }
        return nil
    }

    private struct Version: Decodable { let version: Int }
}

extension Int {
    fileprivate func clamped(to range: ClosedRange<Int>) -> Int {
        Swift.min(Swift.max(self, range.lowerBound), range.upperBound)
    }
}
