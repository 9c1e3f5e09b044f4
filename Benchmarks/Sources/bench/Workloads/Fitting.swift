import Foundation
import Torch
import Zoo

/// Fitting SIRENs to pictures, batches beside each other as `nfn fit` does.
struct Fitting: Workload {
    private let fitting: INRFitting
    private let pictures: [Tensor]
    private(set) var quality: Double?
    /// One fit is many steps already.
    let warmUp = 1

    /// The first of MNIST's pictures, in the folder that `NFN_DATA` names.
    init(pictures count: Int) throws {
        guard let data = ProcessInfo.processInfo.environment["NFN_DATA"] else { throw BenchError.noData }
        let images = try ImageSet(contentsOf: URL(filePath: data).appending(path: "mnist"), range: 0..<count)
        fitting = INRFitting(recipe: .paper(), grid: PixelGrid(height: images.height, width: images.width))
        let batch = fitting.recipe.batch
        pictures = stride(from: 0, to: images.count, by: batch).map { first in
            let range = first..<min(first + batch, images.count)
            return Tensor(images.signal(of: range), shape: [range.count, images.height * images.width, 1])
        }
    }

    var parameterCount: Int { fitting.recipe.siren.parameterCount }

    mutating func step() throws {
        let qualities = try Runtime.concurrentMap(pictures.count) { [fitting, pictures] batch in
            let targets = (0..<pictures[batch].size(0)).map { INRFitting.Target(image: batch << 16 + $0) }
            return try fitting.fit(pictures[batch], targets).psnr
        }
        quality = Spread(of: qualities.flatMap(\.self)).median
    }
}
