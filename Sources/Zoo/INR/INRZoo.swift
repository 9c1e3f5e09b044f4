public import Foundation
public import Torch
internal import WeightSpaces

/// A zoo of implicit neural representations of one architecture, with the pictures that they were fitted to.
public struct INRZoo: Sendable {
    /// The networks.
    public let zoo: Zoo
    /// The architecture of every network.
    public let siren: SIREN
    /// The size of the pictures.
    public let grid: PixelGrid
    /// What networks that show the same belong to: the image of each, as its position in the source, or its run.
    public let images: [Int]
    /// The class of each network's image, −1 where there is none or it is no whole number.
    public let labels: [Int]
    /// The quality of each network in dB, NaN where it is not known.
    public let psnr: [Double]
    /// How often each network was fitted until it was good enough, or given up; 0 where it is not known.
    public let attempts: [Int]
    /// Whether the zoo has the pictures that every network was fitted to.
    public let hasOriginals: Bool

    /// The quality in dB that the recipe asks for.
    private let minimumPSNR: Double
    private let name: String

    /// The companion that holds the pictures, uint8 `[networks, height, width, channels]`.
    static let pixels = "pixels"

    /// Opens a zoo that ``INRZooFitting`` has made, that was imported, or that was merged from such.
    ///
    /// - Throws: what opening a zoo throws; ``ZooError`` when it has other networks, or weights that are not finite.
    public init(contentsOf folder: URL) throws { try self.init(Zoo(contentsOf: folder)) }

    /// The implicit neural representations that a zoo consists of.
    ///
    /// - Throws: ``ZooError``.
    public init(_ zoo: Zoo) throws {
        let file = zoo.folder.relativePath
        let plans = try zoo.origins.compactMap { try $0.settings(as: INRPlan.self, file: file) }
        let imports = try zoo.origins.compactMap { try $0.settings(as: ImportPlan.self, file: file) }
        let sirens = zoo.architectures.compactMap { $0.definition(as: SIREN.self) }
        func refused(_ found: String) -> ZooError {
            .otherNetworks(
                folder: file, expected: "implicit representations of pictures, all of one architecture and size",
                found: found)
        }
        guard let siren = sirens.first, plans.count + imports.count == zoo.origins.count,
            sirens.count == zoo.architectures.count, Set(sirens).count == 1, siren.drawsPictures,
            plans.allSatisfy({ $0.isSound && $0.recipe.siren == siren })
        else {
            throw refused(
                zoo.architectures.isEmpty ? "no networks" : zoo.architectures.map(\.name).joined(separator: ", "))
        }
        let grids = Set(plans.map(\.images.grid)).union(try zoo.importedGrids())
        guard let grid = grids.first, grids.count == 1 else {
            throw refused(
                grids.isEmpty
                    ? "networks of unknown size; import them with --size"
                    : "pictures of " + grids.map { "\($0.height)x\($0.width)" }.sorted().joined(separator: " and "))
        }
        try zoo.requireFinite()
        self.zoo = zoo
        self.siren = siren
        self.grid = grid
        name = plans.first?.images.name ?? imports.first?.images?.name ?? zoo.folder.lastPathComponent
        minimumPSNR = plans.first?.recipe.minimumPSNR ?? -.infinity
        let facts = Set(try zoo.facts)
        func numbers(_ fact: String) throws -> [ZooValue] {
            facts.contains(fact) ? try zoo.values(of: fact) : Array(repeating: .none, count: zoo.count)
        }
        let positions = try numbers("image").compactMap(\.integer)
        images = positions.count == zoo.count ? positions : try zoo.groups(by: zoo.kinship)
        labels = try numbers("label").map { max(-1, $0.integer ?? -1) }
        psnr = try numbers("psnr").map { $0.number ?? .nan }
        attempts = try numbers("attempts").map { $0.integer ?? 0 }
        hasOriginals = zoo.hasCompanions(Self.pixels)
    }

    /// Where the zoo is.
    public var folder: URL { zoo.folder }

    /// The number of networks.
    public var count: Int { zoo.count }

    /// The networks that stayed below the recipe's quality.
    public var failures: [Int] { psnr.indices.filter { psnr[$0] < minimumPSNR } }

    /// The parameters of some networks, in the order of ``SIREN/parameterNames``.
    ///
    /// - Input: numbers of networks, in any order.
    /// - Output: float32 `[networks, outputs, inputs]` and `[networks, outputs]`.
    public func parameters(at networks: [Int]) -> [Tensor] { zoo.parameters(at: networks) }

    /// The pictures that some networks were fitted to, labelled; those that the networks draw where the zoo has no
    /// originals.
    ///
    /// - Throws: ``ZooError`` when a shard has other pictures than it should.
    public func pictures(at networks: [Int]) throws -> ImageSet {
        let channels = siren.widths.last ?? 1
        return ImageSet(
            name: name, count: networks.count, height: grid.height, width: grid.width, channels: channels,
            pixels: hasOriginals
                ? try zoo.companions(Self.pixels, .uint8, shape: [grid.height, grid.width, channels], at: networks)
                : networks.flatMap { self[$0].image().pixels },
            labels: networks.contains { labels[$0] < 0 } ? nil : networks.map { labels[$0] })
    }

    /// One network.
    public subscript(network: Int) -> INR {
        let shapes = siren.parameterShapes
        return INR(
            siren: siren, grid: grid, parameters: zip(parameters(at: [network]), shapes).map { $0.reshaped($1) })
    }
}

extension Zoo {
    /// The networks with the pictures that they show, if they are such networks.
    public var pictures: INRZoo? {
        architectures.allSatisfy { $0.kind == SIREN.kind } ? try? INRZoo(self) : nil
    }

    /// The sizes of the pictures that imported networks show, none for those of unknown size.
    fileprivate func importedGrids() throws -> [PixelGrid] {
        guard Set(["height", "width"]).isSubset(of: Set(try facts)) else { return [] }
        let sides = try select(["height", "width"], where: "origin = '\(ImportPlan.kind)'").rows
        return try sides.distinct.values.map { sides in
            guard let height = sides[0].integer, let width = sides[1].integer, PixelGrid.sides.contains(height),
                PixelGrid.sides.contains(width)
            else {
                throw ZooError.otherNetworks(
                    folder: folder.relativePath, expected: "pictures with sides in \(PixelGrid.sides)",
                    found: "\(sides[0]) by \(sides[1])")
            }
            return PixelGrid(height: height, width: width)
        }
    }
}
