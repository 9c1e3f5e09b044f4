import NeuralFunctionals
import Torch
import WeightSpaces

/// The library example of README.md, and the predictions that it ends with.
func libraryExample() throws -> (losses: [Double], before: Tensor, after: Tensor) {
    // 64 networks 2-16-16-1 with weights of various sizes.
    let space = try WeightSpace.mlp(widths: [2, 16, 16, 1])
    var random = RandomSource(seed: 1)
    let sizes = Tensor.uniform(0.5...1.5, shape: [64, 1], using: &random)
    let weights = FeatureSpace(space, channels: 1)
    let networks = Feature(
        weights.blocks.map { block in
            let shape = weights.shape(of: block, batch: 64)
            return .normal(shape: shape, using: &random) * sizes.reshaped([64] + shape.dropFirst().map { _ in 1 })
        }, over: weights)

    // Learn to read a network's size from its weights.
    let trunk = FunctionalConfiguration(space: space, fourier: nil, depth: 2, channels: 16)
    var model = InvariantFunctional(.init(trunk: trunk, outputs: 1), using: &random)
    model.fitNormalization(to: networks)
    var optimizer = AdamW(for: model)
    var losses: [Double] = []
    for _ in 0..<100 {
        let (loss, gradients) = valueWithGradients(of: model) { meanSquaredError($0(networks), sizes) }
        optimizer.step(&model, gradients: gradients, learningRate: 3e-3)
        losses.append(loss.item)
    }

    // Hidden neurons trade places; the predictions stay.
    let element = GroupElement.random(of: space.groups, using: &random)
    let (before, after) = (model(networks), model(element.acting(on: networks)))

    return (losses, before, after)
}
