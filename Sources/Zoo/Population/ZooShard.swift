internal import Foundation
internal import Torch
internal import WeightSpaces

/// Consecutive networks of a zoo in one safetensors file: stacked parameters, and one column per other fact.
///
/// Columns are `image`, `fit`, `label` (−1 for none) and `attempts` (int64), `psnr` (float32) and `pixels` (uint8,
/// `[rows, height, width, channels]`), the pictures that were fitted.
struct ZooShard: Sendable {
    let manifest: ZooManifest
    let networks: Range<Int>
    let file: SafetensorsFile
    let labels: [Int]
    let attempts: [Int]
    let psnr: [Float]

    /// Opens a shard and checks it against the manifest, down to every weight.
    ///
    /// - Throws: `FileError`, `FormatError`, ``ZooError``.
    init(_ shard: Int, of manifest: ZooManifest, in folder: URL) throws {
        self.manifest = manifest
        networks = manifest.networks(inShard: shard)
        file = try SafetensorsFile(folder.appending(path: ZooManifest.fileName(ofShard: shard)))
        let rows = networks.count
        let (file, name) = (file, file.url.relativePath)
        func tensor(_ column: String, _ dtype: StoredDType, _ shape: [Int]) throws -> CheckpointEntry {
            guard let entry = file[column], entry.dtype == dtype, entry.shape == [rows] + shape else {
                throw ZooError.tensor(
                    file: name, name: column, expected: "\(dtype.rawValue) \([rows] + shape)",
                    found: file[column].map { "\($0.dtype.rawValue) \($0.shape)" })
            }
            return entry
        }
        func numbers(_ column: String) throws -> [Int] {
            let entry = try tensor(column, .int64, [])
            return try file.tensor(entry)?.elements(as: Int64.self).map(Int.init) ?? []
        }
        let images = manifest.images
        _ = try tensor("pixels", .uint8, [images.height, images.width, images.channels])
        labels = try numbers("label")
        attempts = try numbers("attempts")
        psnr = try file.tensor(try tensor("psnr", .float32, []))?.elements(as: Float.self) ?? []
        for (column, expected) in [("image", manifest.image(of:)), ("fit", manifest.fit(of:))] {
            for (row, (found, network)) in zip(try numbers(column), networks).enumerated()
            where found != expected(network) {
                throw ZooError.column(
                    file: name, name: column, row: row, expected: expected(network), found: found)
            }
        }
        for (parameter, shape) in zip(manifest.recipe.siren.parameterNames, manifest.recipe.siren.parameterShapes) {
            guard let stacked = try file.tensor(try tensor(parameter, .float32, shape)), !stacked.isFinite else {
                continue
            }
            let row = (0..<rows).first { !stacked.narrowed(0, to: $0..<$0 + 1).isFinite } ?? 0
            throw ZooError.notFinite(file: name, network: networks.lowerBound + row, parameter: parameter)
        }
    }

    /// Copies one network's row of a column, or of a stacked parameter.
    func copyRow(_ name: String, of network: Int, to buffer: UnsafeMutableRawBufferPointer) {
        guard let entry = file[name] else { preconditionFailure("\(name) was checked when the shard was opened") }
        let start = (network - networks.lowerBound) * buffer.count
        file.withBytes(of: entry) {
            buffer.copyMemory(from: UnsafeRawBufferPointer(rebasing: $0[start...].prefix(buffer.count)))
        }
    }
}
