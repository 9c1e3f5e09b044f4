internal import Foundation
internal import Torch
internal import WeightSpaces

/// Fits the networks of one piece, batches beside each other.
struct INRPieceFitting: Sendable {
    let plan: INRPlan
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

    func run(_ piece: Int) throws -> ZooPiece {
        let networks = Array(plan.networks(inPiece: piece))
        let recipe = plan.recipe
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
            throw ZooError.diverged(image: plan.image(of: networks[lost]), attempts: recipe.attempts)
        }
        return try assembled(best, networks)
    }

    /// One attempt at each of some networks.
    private func fit(_ networks: [Int], attempt: Int) throws -> [Fitted] {
        let recipe = plan.recipe
        let batches = stride(from: 0, to: networks.count, by: recipe.batch).map {
            Array(networks[$0..<min(networks.count, $0 + recipe.batch)])
        }
        return try Runtime.concurrentMap(batches.count) { index in
            let batch = batches[index]
            let (parameters, psnr) = try INRFitting(recipe: recipe, grid: plan.images.grid).fit(
                pictures(of: batch),
                batch.map { .init(image: plan.image(of: $0), fit: plan.fit(of: $0), attempt: attempt) },
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

    private func assembled(_ fitted: [Fitted], _ networks: [Int]) throws -> ZooPiece {
        var facts = ZooTable(columns: ["run", "image", "fit", "seed", "label", "psnr", "attempts"])
        for (network, fitted) in zip(networks, fitted) {
            facts.append([
                .integer(network), .integer(plan.image(of: network)), .integer(plan.fit(of: network)),
                .integer(Int(truncatingIfNeeded: plan.recipe.seed)),
                images.labels.map { .integer($0[position(of: network)]) } ?? .none, .real(fitted.psnr),
                .integer(fitted.attempts),
            ])
        }
        let pixels = StoredTensor(
            name: INRZoo.pixels, dtype: .uint8, shape: [networks.count, images.height, images.width, images.channels],
            elements: networks.flatMap { images.pixels(of: position(of: $0)) })
        let parameters = fitted[0].parameters.indices.map { index in
            concatenate(fitted.map { $0.parameters[index] }, axis: 0)
        }
        return ZooPiece([
            .init(
                try NetworkArchitecture(plan.recipe.siren), parameters: parameters, facts: facts, companions: [pixels])
        ])
    }

    /// The position of a network's image among those that are fitted.
    private func position(of network: Int) -> Int { network / plan.fits }
}
