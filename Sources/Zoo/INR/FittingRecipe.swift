internal import Foundation
internal import Torch

/// Everything that decides which network an image turns into, apart from the image.
public struct FittingRecipe: Hashable, Codable, Sendable {
    /// What is fitted.
    public var siren: SIREN
    /// Where its weights start, independently for every network.
    public var initialization: SIRENInitialization
    /// Optimization steps.
    public var steps: Int
    /// The highest learning rate of the schedule.
    public var learningRate: Double
    /// How slowly Adam's mean of the gradient forgets.
    public var beta1: Double = 0.9
    /// How slowly Adam's mean of the squared gradient forgets.
    public var beta2: Double = 0.99
    /// How many random pixels one step looks at; `nil` for the whole picture.
    public var pixelsPerStep: Int?
    /// The starting point of every random number.
    public var seed: UInt64 = 0
    /// Networks fitted together.
    public var batch: Int = 32
    /// The quality in dB that a network must reach.
    public var minimumPSNR: Double = 25
    /// How often an image is fitted, with other random numbers, until the quality is reached.
    public var attempts: Int = 3

    /// A recipe of these steps; the rest has values that can be changed.
    public init(
        siren: SIREN, initialization: SIRENInitialization, steps: Int, learningRate: Double, pixelsPerStep: Int? = nil
    ) {
        self.siren = siren
        self.initialization = initialization
        self.steps = steps
        self.learningRate = learningRate
        self.pixelsPerStep = pixelsPerStep
    }

    /// The SIREN paper's frequencies and initialization, fitted fast and well: about 50 dB on handwritten digits.
    ///
    /// Such networks are hard to read: sines of high frequency hide what little two fits have in common.
    public static func paper(widths: [Int] = [2, 32, 32, 1], omega: Double = 30, hiddenOmega: Double? = nil)
        -> FittingRecipe
    {
        let siren = SIREN(widths: widths, omega: omega, hiddenOmega: hiddenOmega)
        return FittingRecipe(
            siren: siren, initialization: .paper(for: siren), steps: 200, learningRate: 5e-3)
    }

    /// Low frequencies, constant phases and output weights, hidden weights near zero: about 33 dB on handwritten digits.
    ///
    /// Every network still draws its own frequencies and hidden weights at random, in random order. What they have in
    /// common makes them easy to read.
    public static func smooth(
        widths: [Int] = [2, 32, 32, 1], omega: Double = 6, hiddenOmega: Double = 2
    ) -> FittingRecipe {
        let siren = SIREN(widths: widths, omega: omega, hiddenOmega: hiddenOmega)
        let phase = .pi / 4 / omega
        var layers = Array(repeating: SIRENInitialization.Layer(weight: -0.05...0.05), count: siren.layerCount)
        layers[siren.layerCount - 1] = .init(weight: 0.15...0.15, bias: -0.8 ... -0.8)
        layers[0] = .init(weight: -2...2, bias: phase...phase)
        var recipe = FittingRecipe(
            siren: siren, initialization: .init(layers: layers, isStratified: true), steps: 300, learningRate: 0.04,
            pixelsPerStep: 128)
        (recipe.beta1, recipe.beta2) = (0.8, 0.9)
        return recipe
    }

    /// The learning rate of a step, counted from zero: ten steps of warm-up, then a cosine down to a fiftieth.
    func learningRate(atStep step: Int) -> Double {
        let warmUp = min(1, Double(step + 1) / 10)
        let cosine = 0.5 + 0.5 * cos(.pi * Double(step + 1) / Double(steps))
        return learningRate * warmUp * (0.02 + 0.98 * cosine)
    }

    /// The random numbers of one network, which depend on nothing but these arguments and the seed.
    func random(image: Int, fit: Int, attempt: Int) -> RandomSource {
        [image, fit, attempt].reduce(RandomSource(seed: seed)) { source, number in
            var source = source
            return RandomSource(seed: source.next() ^ UInt64(number))
        }
    }
}
