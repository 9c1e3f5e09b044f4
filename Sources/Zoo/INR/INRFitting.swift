internal import Foundation
public import Torch

/// Fits networks to pictures by Adam on the mean squared error.
///
/// One thread does all the arithmetic of a batch, one network after the other, each in the core's own caches; batches
/// run beside each other (``ZooFitting``). What becomes of a network depends on its picture and the recipe alone.
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
    /// - Input: `pictures` `[networks, pixels, channels]` in [−1, 1], and what each is; `checkpoint` is called again and
    ///   again, every tenth of a second for small pictures, and may throw to stop.
    /// - Output: parameters in the order of ``SIREN/parameterNames``, `[networks, …]`, and the PSNR of each network in dB.
    /// - Throws: what `checkpoint` throws.
    public func fit(
        _ pictures: Tensor, _ targets: [Target], checkpoint: () throws -> Void = {}
    ) throws -> (parameters: [Tensor], psnr: [Double]) {
        precondition(
            pictures.shape == [targets.count, grid.count, recipe.siren.widths.last],
            "expected \([targets.count, grid.count, recipe.siren.widths.last]), got \(pictures.shape)")
        var descent = SineNetworkDescent(
            start(targets), firstOmega: recipe.siren.firstOmega, hiddenOmega: recipe.siren.hiddenOmega,
            betas: (recipe.beta1, recipe.beta2))
        let (rows, columns) = (grid.rows(), grid.columns())
        let sampled = recipe.pixelsPerStep.flatMap { $0 < grid.count ? $0 : nil }
        let stride = max(1, Self.pixelsPerCall / (targets.count * (sampled ?? grid.count)))
        var random = RandomSource(seed: recipe.seed)
        while descent.stepCount < recipe.steps {
            try checkpoint()
            let steps = descent.stepCount..<min(recipe.steps, descent.stepCount + stride)
            descent.step(
                learningRates: steps.map(recipe.learningRate(atStep:)), rows: rows, columns: columns, targets: pictures,
                samples: sampled.map { count in
                    steps.map { _ in Array((0..<grid.count).shuffled(using: &random).prefix(count)) }
                })
        }
        let parameters = descent.parameters
        let drawn = withoutGradients { recipe.siren.render(parameters, at: grid.coordinates()) }
        return (parameters, peakSignalToNoiseRatio(drawn, pictures))
    }

    /// Pixels that go through the networks between two checkpoints.
    private static let pixelsPerCall = 1 << 20

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
