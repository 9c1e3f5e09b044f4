internal import Foundation
internal import Graphs
internal import Torch
internal import WeightSpaces

/// What the networks of a folder show, where they are SIRENs: how large their pictures are, from which image each was made,
/// and how near it comes to it.
struct SIRENImport {
    /// What files do not say that do not describe themselves.
    let description: SIRENDescription?
    /// The size of the pictures, where it was said or the originals have it.
    let size: PixelGrid?
    private let originals: ImageSet?
    /// What is known of networks whose files do not say how they compute.
    private let facts: StatedFacts

    /// The file in which ``ZooExporting`` keeps the description of networks whose files have no room for it.
    static let descriptionName = "siren.json"
    /// Networks that are drawn together.
    private static let drawn = 32

    /// - Throws: `ImageError`, `FileError`; ``ImportError`` when the images have another size.
    init(_ description: SIRENDescription?, size: PixelGrid?, images: URL?, stating facts: StatedFacts) throws {
        self.description = description
        self.facts = facts
        originals = try images.map { try ImageSet(contentsOf: $0) }
        if let originals, let images, let size, (originals.height, originals.width) != (size.height, size.width) {
            throw ImportError.malformed(
                file: images.relativePath, expected: "pictures of \(size.height)x\(size.width) as --size says",
                found: "\(originals.height)x\(originals.width)")
        }
        if let originals, let images,
            [originals.height, originals.width].contains(where: { !PixelGrid.sides.contains($0) })
        {
            throw ImportError.malformed(
                file: images.relativePath, expected: "pictures with sides in \(PixelGrid.sides)",
                found: "\(originals.height)x\(originals.width)")
        }
        self.size = originals.map { PixelGrid(height: $0.height, width: $0.width) } ?? size
    }

    /// Describes the pictures.
    var images: INRPlan.Images? { originals.map { INRPlan.Images($0) } }

    /// The architecture of a file's network: the SIREN that it was said to be unless it says itself what it is.
    ///
    /// - Throws: ``INRError`` when it is none; what recognizing an architecture throws.
    func architecture(of checkpoint: any Checkpoint) throws -> RecognizedArchitecture {
        let stated = try? StatedINR(checkpoint)
        if let description, stated == nil {
            let siren = try SIREN(of: checkpoint, describedBy: description)
            return try RecognizedArchitecture(NetworkArchitecture(siren), siren: siren)
        }
        return try RecognizedArchitecture(
            NetworkArchitecture(of: checkpoint, stating: facts), siren: stated?.siren)
    }

    /// What is known about a network's picture before it is drawn.
    ///
    /// - Parameter known: what a table says about the network.
    /// - Throws: ``ImportError`` when the original is missing, or of another class.
    func facts(
        of file: CheckpointFiles.File, _ checkpoint: any Checkpoint, _ siren: SIREN, known: [String: ZooValue]
    ) throws -> [(name: String, value: ZooValue)] {
        let path = description?.publication?.facts(ofPath: file.name)
        var facts: [(name: String, value: ZooValue)] = []
        if description != nil { facts.append(("ending", .text(file.ending))) }
        let channels = siren.widths.last ?? 1
        let grid =
            size ?? (try? StatedINR(checkpoint))?.grid ?? Self.grid(known)
            ?? description?.publication?.size(channels: channels)
        if let grid { facts += [("height", .integer(grid.height)), ("width", .integer(grid.width))] }
        let name = file.url.relativePath
        if description != nil, grid == nil { throw INRError.unknownSize(file: name) }
        if let path {
            facts += [
                ("split", .text(path.split.rawValue)), ("label", .integer(path.label)), ("image", .integer(path.image)),
                ("fit", .integer(path.fit)),
            ]
        }
        guard let originals else { return facts }
        let image = known["image"]?.integer ?? path?.image
        guard let image else {
            throw ImportError.malformed(
                file: name,
                expected: "the number of its image, in its path as dws and nfn name files or in a column image",
                found: "none")
        }
        guard (0..<originals.count).contains(image) else {
            throw ImportError.malformed(
                file: name, expected: "an image in 0..<\(originals.count) of \(originals.name)", found: "\(image)")
        }
        guard originals.channels == channels else {
            throw ImportError.malformed(
                file: name, expected: "\(originals.channels) colours as in \(originals.name)", found: "\(channels)")
        }
        let label = known["label"]?.integer ?? path?.label
        if let label, let labels = originals.labels, originals.labelNames == nil, labels[image] != label {
            throw ImportError.malformed(
                file: name, expected: "class \(labels[image]) of image \(image) of \(originals.name)",
                found: "\(label); say which image it is in a column image of --labels")
        }
        if path == nil, known["label"] == nil, let labels = originals.labels {
            facts.append(("label", .integer(labels[image])))
        }
        return facts
    }

    private static func grid(_ known: [String: ZooValue]) -> PixelGrid? {
        guard let height = known["height"]?.integer, let width = known["width"]?.integer,
            PixelGrid.sides.contains(height), PixelGrid.sides.contains(width)
        else { return nil }
        return PixelGrid(height: height, width: width)
    }

    /// The pictures that networks were made from, and the quality of each network in dB.
    ///
    /// - Parameter images: the image of each network.
    func originals(
        of siren: SIREN, _ parameters: [Tensor], images: [Int]
    ) -> (pixels: StoredTensor, psnr: [Double])? {
        guard let originals, let size else { return nil }
        let points = size.coordinates()
        let parts = stride(from: 0, to: images.count, by: Self.drawn).map { $0..<min(images.count, $0 + Self.drawn) }
        let psnr = Runtime.concurrentMap(parts.count) { index -> [Double] in
            let rows = parts[index]
            let drawn = withoutGradients {
                siren.render(parameters.map { $0.narrowed(0, to: rows) }, at: points)
            }
            let signal = images[rows].flatMap { originals.signal(of: $0..<$0 + 1) }
            return peakSignalToNoiseRatio(
                drawn, Tensor(signal, shape: [rows.count, size.count, originals.channels]))
        }.flatMap(\.self)
        let pixels = StoredTensor(
            name: INRZoo.pixels, dtype: .uint8,
            shape: [images.count, originals.height, originals.width, originals.channels],
            elements: images.flatMap { originals.pixels(of: $0) })
        return (pixels, psnr)
    }
}
