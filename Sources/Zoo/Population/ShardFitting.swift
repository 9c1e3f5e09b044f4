internal import Foundation
internal import Torch
internal import WeightSpaces

/// Fits the networks of one shard, batches beside each other, and writes it.
struct ShardFitting: Sendable {
    let manifest: ZooManifest
    let images: ImageSet
    let checkpoint: @Sendable () throws -> Void
    /// Is called with the size of each batch when its first attempt is over.
    let afterBatch: @Sendable (Int) -> Void

    /// One network, as good as it has become.
    private struct Fitted: Sendable {
        var parameters: [Tensor]
        var psnr: Double
        var attempts: Int
    }

    func run(_ shard: Int, in folder: URL) throws {
        let networks = Array(manifest.networks(inShard: shard))
        let recipe = manifest.recipe
        var best = try fit(networks, attempt: 0)
        for attempt in 1..<max(1, recipe.attempts) {
            let poor = best.indices.filter { !(best[$0].psnr >= recipe.minimumPSNR) }
            if poor.isEmpty { break }
            for (index, again) in zip(poor, try fit(poor.map { networks[$0] }, attempt: attempt)) {
                best[index].attempts = again.attempts
                if !(again.psnr <= best[index].psnr) && again.psnr.isFinite { best[index] = again }
            }
        }
        if let lost = best.firstIndex(where: { !$0.psnr.isFinite }) {
            throw ZooError.diverged(image: manifest.image(of: networks[lost]), attempts: recipe.attempts)
        }
        try write(best, networks, to: folder.appending(path: ZooManifest.fileName(ofShard: shard)))
    }

    /// One attempt at each of some networks.
    private func fit(_ networks: [Int], attempt: Int) throws -> [Fitted] {
        let recipe = manifest.recipe
        let batches = stride(from: 0, to: networks.count, by: recipe.batch).map {
            Array(networks[$0..<min(networks.count, $0 + recipe.batch)])
        }
        return try Runtime.concurrentMap(batches.count) { index in
            let batch = batches[index]
            let (parameters, psnr) = try INRFitting(recipe: recipe, grid: manifest.images.grid).fit(
                pictures(of: batch),
                batch.map { .init(image: manifest.image(of: $0), fit: manifest.fit(of: $0), attempt: attempt) },
                checkpoint: checkpoint)
            if attempt == 0 { afterBatch(batch.count) }
            return psnr.enumerated().map { row, psnr in
                Fitted(
                    parameters: parameters.map { $0.narrowed(0, to: row..<row + 1) }, psnr: psnr, attempts: attempt + 1)
            }
        }.flatMap(\.self)
    }

    private func pictures(of networks: [Int]) -> Tensor {
        let signal = networks.flatMap { images.signal(of: position(of: $0)..<position(of: $0) + 1) }
        return Tensor(signal, shape: [networks.count, images.height * images.width, images.channels])
    }

    private func write(_ fitted: [Fitted], _ networks: [Int], to url: URL) throws {
        let rows = networks.count
        func column(_ name: String, _ value: (Int) -> Int) -> StoredTensor {
            StoredTensor(name: name, dtype: .int64, shape: [rows], elements: (0..<rows).map { Int64(value($0)) })
        }
        var tensors = manifest.recipe.siren.parameterNames.enumerated().map { index, name in
            StoredTensor(name: name, concatenate(fitted.map { $0.parameters[index] }, axis: 0))
        }
        tensors += [
            column("image") { manifest.image(of: networks[$0]) },
            column("fit") { manifest.fit(of: networks[$0]) },
            column("label") { images.labels?[position(of: networks[$0])] ?? -1 },
            column("attempts") { fitted[$0].attempts },
            StoredTensor(name: "psnr", dtype: .float32, shape: [rows], elements: fitted.map { Float($0.psnr) }),
            StoredTensor(
                name: "pixels", dtype: .uint8, shape: [rows, images.height, images.width, images.channels],
                elements: networks.flatMap { images.pixels(of: position(of: $0)) }),
        ]
        try SafetensorsFile.write(tensors, to: url)
    }

    /// The position of a network's image among those that are fitted.
    private func position(of network: Int) -> Int { network / manifest.fits }
}
