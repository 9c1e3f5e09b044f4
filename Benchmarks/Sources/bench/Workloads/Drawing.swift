import NeuralFunctionals
import Torch
import WeightSpaces
import Zoo

/// Random pictures of 784 pixels that edited INRs are to draw.
struct Drawing: Sendable {
    private let siren = SIREN()
    private let points = PixelGrid(height: 28, width: 28).coordinates()
    private let pictures: [Tensor]

    /// One picture for each of the networks, which come in parts.
    init(_ networks: [Feature], using random: inout RandomSource) {
        let pixels = points.size(0)
        pictures = networks.map { .uniform(-1...1, shape: [$0.batch, pixels, 1], using: &random) }
    }

    /// The mean squared error of what a part's networks draw.
    func error(of networks: Feature, in space: WeightSpace, _ part: BatchPart) -> Tensor {
        meanSquaredError(siren.render(networks.stored(in: space), at: points), pictures[part.number])
    }
}
