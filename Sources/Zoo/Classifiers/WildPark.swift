internal import Torch

/// Convolutional classifiers that differ in everything: depth, channels, kernels, strides, skips, nonlinearity.
///
/// All convolutions are padded. The first has stride 2; each further one too with probability ½, as long as the image has
/// more than `smallestSide` rows. With stride 1 a convolution has a skip with probability ½, and then as many channels as
/// the one before it. One dense layer reads the last of them through `head`. An architecture that takes more than
/// `largestMultiplicationCount` products for an image is drawn again.
///
/// - Source: after the zoo of this name of Kofinas et al. 2024, arXiv:2403.12143.
public struct WildPark: Hashable, Codable, Sendable {
    /// `[channels, height, width]`
    public var imageShape = [1, 32, 32]
    public var classes = 10
    public var head = ClassifierHead.pool
    /// The number of convolutions, uniform.
    public var depth = 2...8
    /// What the channels of a convolution are drawn from.
    public var channels = [4, 8, 16, 32, 64]
    /// What the sides of kernels are drawn from.
    public var kernels = [3, 5]
    /// What the nonlinearity is drawn from.
    public var activations = ClassifierArchitecture.Activation.allCases
    public var smallestSide = 4
    public var largestMultiplicationCount = 300_000

    public init() {}

    /// - Traps: where ``validate()`` throws.
    func draw(using random: inout RandomSource) -> ClassifierArchitecture {
        for _ in 0..<10_000 {
            let architecture = candidate(using: &random)
            if architecture.multiplicationCount <= largestMultiplicationCount { return architecture }
        }
        preconditionFailure("hardly any architecture takes at most \(largestMultiplicationCount) products for an image")
    }

    /// An architecture that may be too large.
    func candidate(using random: inout RandomSource) -> ClassifierArchitecture {
        var convolutions: [ClassifierArchitecture.Convolution] = []
        var side = imageShape[1]
        for layer in 0..<Int.random(in: depth, using: &random) {
            let (channels, kernel) = (channels.drawn(using: &random), kernels.drawn(using: &random))
            let (isHalving, isSkipped) = (Bool.random(using: &random), Bool.random(using: &random))
            var next = ClassifierArchitecture.Convolution(channels: channels, kernel: kernel, padding: .same)
            if layer == 0 || isHalving && side > smallestSide {
                next.stride = 2
            } else if isSkipped {
                next.hasSkip = true
                next.channels = convolutions[layer - 1].channels
            }
            side = next.side(after: side)
            convolutions.append(next)
        }
        return ClassifierArchitecture(
            imageShape: imageShape, convolutions: convolutions, head: head, dense: [classes],
            activation: activations.drawn(using: &random))
    }
}
