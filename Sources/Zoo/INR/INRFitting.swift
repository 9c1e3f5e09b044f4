internal import Foundation
public import Torch

/// Fits networks to pictures, a batch in each product, by Adam on the mean squared error.
///
/// The batch is one block of memory that fits a core's caches and one thread does all its arithmetic, so that the result
/// of a batch depends on the batch alone. Batches run beside each other instead (``ZooFitting``).
///
/// - Source: Kingma and Ba, arXiv:1412.6980; cosine schedule of Loshchilov and Hutter, arXiv:1608.03983.
public struct INRFitting: Sendable {
    /// Which picture a network is for and how often it has been tried; decides its random numbers.
    public struct Target: Hashable, Sendable {
        /// The position of the picture in its source.
        public let image: Int
        /// Counts the networks of one picture.
        public let fit: Int
        /// Counts the tries of one network.
        public let attempt: Int

        public init(image: Int, fit: Int = 0, attempt: Int = 0) {
            self.image = image
            self.fit = fit
            self.attempt = attempt
        }
    }

    /// The recipe that is followed.
    public let recipe: FittingRecipe
    /// The points at which the pictures are given.
    public let grid: PixelGrid

    public init(recipe: FittingRecipe, grid: PixelGrid) {
        self.recipe = recipe
        self.grid = grid
    }

    /// Fits one network to each picture.
    ///
    /// - Input: `pictures` `[networks, pixels, channels]` in [−1, 1], and what each is; `beforeStep` may throw to stop.
    /// - Output: parameters in the order of ``SIREN/parameterNames``, `[networks, …]`, and the PSNR of each network in dB.
    /// - Throws: what `beforeStep` throws.
    public func fit(
        _ pictures: Tensor, _ targets: [Target], beforeStep: () throws -> Void = {}
    ) throws -> (parameters: [Tensor], psnr: [Double]) {
        precondition(
            pictures.shape == [targets.count, grid.count, recipe.siren.widths.last],
            "expected \([targets.count, grid.count, recipe.siren.widths.last]), got \(pictures.shape)")
        let points = grid.coordinates()
        var networks = INRBatch(parameters: start(targets))
        var optimizer = AdamW(for: networks, betas: (recipe.beta1, recipe.beta2))
        var random = RandomSource(seed: recipe.seed)
        for step in 0..<recipe.steps {
            try beforeStep()
            var (seen, sampled) = (pictures, points)
            if let count = recipe.pixelsPerStep, count < grid.count {
                let pixels = Array((0..<grid.count).shuffled(using: &random).prefix(count))
                (seen, sampled) = (pictures.gathered(1, at: pixels), points.gathered(0, at: pixels))
            }
            let (_, gradients) = recipe.siren.errorGradients(of: networks.parameters, at: sampled, to: seen)
            optimizer.step(&networks, gradients: gradients, learningRate: recipe.learningRate(atStep: step))
        }
        let drawn = withoutGradients { recipe.siren.render(networks.parameters, at: points) }
        return (networks.parameters, peakSignalToNoiseRatio(drawn, pictures))
    }

    private func start(_ targets: [Target]) -> [Tensor] {
        let networks = targets.map { target in
            var random = recipe.random(image: target.image, fit: target.fit, attempt: target.attempt)
            return recipe.initialization.parameters(of: recipe.siren, using: &random)
        }
        return networks[0].indices.map { index in stack(networks.map { $0[index] }) }
    }
}

/// `10 log₁₀(2² / mean squared error)` in dB for each picture of a batch whose values span [−1, 1].
///
/// - Input: two tensors `[pictures, pixels, channels]`.
public func peakSignalToNoiseRatio(_ a: Tensor, _ b: Tensor) -> [Double] {
    (a - b).squared.mean([1, 2]).to(.float64).elements(as: Double.self).map { 10 * log10(4 / $0) }
}

/// The parameters of networks that are fitted together, as one module.
private struct INRBatch: Module {
    var parameters: [Tensor]

    mutating func visitParameters(_ visit: (String, inout Tensor) throws -> Void) rethrows {
        for index in parameters.indices { try visit("\(index)", &parameters[index]) }
    }
}
