public import WeightSpaces

/// How implicit neural representations of a set of pictures are fitted.
///
/// Networks are numbered image by image: network `k` is fit `k mod fits` of image `images.first + k / fits`.
public struct INRPlan: ZooSettings {
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

    public static let kind = "inr"

    /// The pictures.
    public let images: Images
    /// Networks per image.
    public let fits: Int
    /// How each image turned into a network.
    public let recipe: FittingRecipe
    /// Networks in each piece but the last, which may have fewer.
    public let pieceSize: Int

    public init(images: Images, fits: Int, recipe: FittingRecipe, pieceSize: Int = 512) {
        self.images = images
        self.fits = fits
        self.recipe = recipe
        self.pieceSize = pieceSize
    }

    /// Whether pictures of such a size can be drawn by such networks.
    var isSound: Bool {
        PixelGrid.sides.contains(images.height) && PixelGrid.sides.contains(images.width)
            && recipe.siren.drawsPictures && recipe.siren.widths.last == images.channels
    }

    /// The number of networks.
    public var count: Int { images.count * fits }

    /// The number of pieces.
    public var pieces: Int { (count + pieceSize - 1) / pieceSize }

    /// The networks of a piece.
    public func networks(inPiece piece: Int) -> Range<Int> {
        piece * pieceSize..<min(count, (piece + 1) * pieceSize)
    }

    /// The image of a network, as its position in the source.
    public func image(of network: Int) -> Int { images.first + network / fits }

    /// Which of its image's fits a network is.
    public func fit(of network: Int) -> Int { network % fits }
}

extension SIREN: NetworkDefinition {
    public static let kind = "siren"
    public var name: String { "siren \(widths.map(String.init).joined(separator: "-"))" }
    public var weightSpace: WeightSpace { get throws { try .mlp(widths: widths, names: layerNames) } }
}
