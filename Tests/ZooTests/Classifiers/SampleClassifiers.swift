import Torch

@testable import Zoo

/// Small architectures of every kind.
enum SampleClassifiers {
    typealias Convolution = ClassifierArchitecture.Convolution

    /// Two skips in a row, after a plain convolution and before another; a hidden dense layer.
    static func skips(_ activation: ClassifierArchitecture.Activation = .tanh) -> ClassifierArchitecture {
        ClassifierArchitecture(
            imageShape: [2, 7, 6],
            convolutions: [
                Convolution(channels: 4, kernel: 3, stride: 2, padding: .same),
                Convolution(channels: 4, kernel: 3, padding: .same, hasSkip: true),
                Convolution(channels: 4, kernel: 1, hasSkip: true),
                Convolution(channels: 3, kernel: 2),
            ],
            dense: [5, 3], activation: activation)
    }

    /// A skip over the first convolution, whose outputs are then the image's channels.
    static let skippedImage = ClassifierArchitecture(
        imageShape: [2, 4, 5],
        convolutions: [
            Convolution(channels: 2, kernel: 3, padding: .same, hasSkip: true), Convolution(channels: 3, kernel: 3),
        ], dense: [4], activation: .gelu)

    /// Rows and columns of another number are flattened after a skip, for a hidden dense layer.
    static let flattened = ClassifierArchitecture(
        imageShape: [2, 7, 5],
        convolutions: [
            Convolution(channels: 3, kernel: 3, stride: 2, padding: .same),
            Convolution(channels: 3, kernel: 3, padding: .same, hasSkip: true),
        ], head: .flatten, dense: [5, 3], activation: .tanh)

    static let all = [
        .smallCNN(activation: .relu), .mlp(widths: [12, 7, 5, 3], activation: .leakyReLU), skips(), skippedImage,
        flattened, .smallCNN(head: .flatten),
    ]

    /// Random parameters in float64.
    static func parameters(of architecture: ClassifierArchitecture, using random: inout RandomSource) -> [Tensor] {
        architecture.parameterShapes.map { .normal(shape: $0, dtype: .float64, using: &random) * 0.5 }
    }

    /// Random images in float64.
    static func images(
        _ count: Int, for architecture: ClassifierArchitecture, using random: inout RandomSource
    ) -> Tensor {
        .normal(shape: [count] + architecture.imageShape, dtype: .float64, using: &random)
    }
}

/// Dark and bright pictures, of class 0 and 1, with noise.
func darkAndBright(count: Int, side: Int, seed: UInt64 = 0) -> ImageSet {
    var random = RandomSource(seed: seed)
    let labels = (0..<count).map { _ in Int.random(in: 0...1, using: &random) }
    let pixels = labels.flatMap { label in
        (0..<side * side).map { _ in UInt8(label * 55 + Int.random(in: 0...200, using: &random)) }
    }
    return ImageSet(
        name: "shades", count: count, height: side, width: side, channels: 1, pixels: pixels, labels: labels)
}
