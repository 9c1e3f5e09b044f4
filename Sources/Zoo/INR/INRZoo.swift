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
    /// The image of each network, as its position in the source.
    public let images: [Int]
    /// The class of each network's image, −1 where the source has none.
    public let labels: [Int]
    /// The quality of each network in dB.
    public let psnr: [Double]
    /// How often each network was fitted until it was good enough, or given up.
    public let attempts: [Int]

    /// The quality in dB that the recipe asks for.
    private let minimumPSNR: Double
    private let name: String

    /// The companion that holds the pictures, uint8 `[networks, height, width, channels]`.
    static let pixels = "pixels"

    /// Opens a zoo that ``INRZooFitting`` has made, or that was merged from such.
    ///
    /// - Throws: what opening a zoo throws; ``ZooError`` when it has other networks, or weights that are not finite.
    public init(contentsOf folder: URL) throws { try self.init(Zoo(contentsOf: folder)) }

    /// The implicit neural representations that a zoo consists of.
    ///
    /// - Throws: ``ZooError``.
    public init(_ zoo: Zoo) throws {
        let file = zoo.folder.relativePath
        let plans = try zoo.origins.compactMap { try $0.settings(as: INRPlan.self, file: file) }
        let sirens = zoo.architectures.compactMap { $0.definition(as: SIREN.self) }
        guard let plan = plans.first, let siren = sirens.first, plans.count == zoo.origins.count,
            sirens.count == zoo.architectures.count, Set(sirens).count == 1, Set(plans.map(\.images.grid)).count == 1,
            plans.allSatisfy(\.isSound), plan.recipe.siren == siren
        else {
            throw ZooError.otherNetworks(
                folder: file, expected: "implicit representations of pictures, all of one architecture and size",
                found: zoo.architectures.isEmpty ? "no networks" : zoo.architectures.map(\.name).joined(separator: ", ")
            )
        }
        try zoo.requireFinite()
        self.zoo = zoo
        self.siren = siren
        grid = plan.images.grid
        name = plan.images.name
        minimumPSNR = plan.recipe.minimumPSNR
        images = try zoo.values(of: "image").map { $0.integer ?? -1 }
        labels = try zoo.values(of: "label").map { $0.integer ?? -1 }
        psnr = try zoo.values(of: "psnr").map { $0.number ?? .nan }
        attempts = try zoo.values(of: "attempts").map { $0.integer ?? 0 }
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

    /// The pictures that some networks were fitted to, labelled.
    ///
    /// - Throws: ``ZooError`` when a shard has none.
    public func pictures(at networks: [Int]) throws -> ImageSet {
        let channels = siren.widths.last ?? 1
        return ImageSet(
            name: name, count: networks.count, height: grid.height, width: grid.width, channels: channels,
            pixels: try zoo.companions(
                Self.pixels, .uint8, shape: [grid.height, grid.width, channels], at: networks),
            labels: networks.contains { labels[$0] < 0 } ? nil : networks.map { labels[$0] })
    }

    /// One network.
    public subscript(network: Int) -> INR {
        let shapes = siren.parameterShapes
        return INR(
            siren: siren, grid: grid, parameters: zip(parameters(at: [network]), shapes).map { $0.reshaped($1) })
    }
}
