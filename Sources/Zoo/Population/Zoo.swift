public import Foundation
public import Torch
internal import WeightSpaces

/// A population of fitted networks in a folder: a manifest, and shards that stay on disk until they are used.
public struct Zoo: Sendable {
    /// Where the zoo is.
    public let folder: URL
    /// What it was made from.
    public let manifest: ZooManifest
    /// The class of each network's image, −1 where the source has none.
    public let labels: [Int]
    /// The quality of each network in dB.
    public let psnr: [Float]
    /// How often each network was fitted until it was good enough, or given up.
    public let attempts: [Int]

    private let shards: [ZooShard]

    /// Opens a zoo and checks every shard against the manifest, down to every weight.
    ///
    /// - Throws: `FileError`, `FormatError`; ``ZooError`` also when shards are missing.
    public init(contentsOf folder: URL) throws {
        let manifest = try ZooManifest(of: folder)
        let names = (0..<manifest.shardCount).map(ZooManifest.fileName(ofShard:))
        let missing = Set(names).subtracting(try Folder.contents(of: folder))
        if let first = missing.min() {
            throw ZooError.incomplete(
                folder: folder.relativePath, expected: names.count, found: names.count - missing.count, missing: first)
        }
        let shards = try (0..<manifest.shardCount).map { try ZooShard($0, of: manifest, in: folder) }
        self.folder = folder
        self.manifest = manifest
        self.shards = shards
        labels = shards.flatMap(\.labels)
        psnr = shards.flatMap(\.psnr)
        attempts = shards.flatMap(\.attempts)
    }

    /// The number of networks.
    public var count: Int { manifest.count }

    /// The architecture of every network.
    public var siren: SIREN { manifest.recipe.siren }

    /// The size of the pictures.
    public var grid: PixelGrid { manifest.images.grid }

    /// The image of each network, as its position in the source.
    public var images: [Int] { (0..<count).map(manifest.image(of:)) }

    /// The networks that stayed below the recipe's quality.
    public var failures: [Int] { psnr.indices.filter { Double(psnr[$0]) < manifest.recipe.minimumPSNR } }

    /// The parameters of some networks, in the order of ``SIREN/parameterNames``.
    ///
    /// - Input: numbers of networks, in any order.
    /// - Output: float32 `[networks, outputs, inputs]` and `[networks, outputs]`.
    public func parameters(at networks: [Int]) -> [Tensor] {
        zip(siren.parameterNames, siren.parameterShapes).map { name, shape in
            let values: [Float] = rows(name, at: networks, elements: shape.reduce(1, *))
            return Tensor(values, shape: [networks.count] + shape)
        }
    }

    /// The parameters of all networks.
    public var parameters: [Tensor] { parameters(at: Array(0..<count)) }

    /// The pictures that some networks were fitted to, labelled.
    public func pictures(at networks: [Int]) -> ImageSet {
        let images = manifest.images
        return ImageSet(
            name: images.name, count: networks.count, height: images.height, width: images.width,
            channels: images.channels,
            pixels: rows("pixels", at: networks, elements: images.height * images.width * images.channels),
            labels: networks.contains { labels[$0] < 0 } ? nil : networks.map { labels[$0] })
    }

    /// One network.
    public subscript(network: Int) -> INR {
        let shapes = siren.parameterShapes
        return INR(
            siren: siren, grid: grid, parameters: zip(parameters(at: [network]), shapes).map { $0.reshaped($1) })
    }

    private func rows<Element: BitwiseCopyable>(_ name: String, at networks: [Int], elements: Int) -> [Element] {
        [Element](unsafeUninitializedCapacity: networks.count * elements) { buffer, initializedCount in
            for (position, network) in networks.enumerated() {
                precondition(network >= 0 && network < count, "expected a network in 0..<\(count), got \(network)")
                let row = UnsafeMutableBufferPointer(rebasing: buffer[position * elements..<(position + 1) * elements])
                shards[network / manifest.shardRows]
                    .copyRow(name, of: network, to: UnsafeMutableRawBufferPointer(row))
            }
            initializedCount = buffer.count
        }
    }
}
