import NeuralFunctionals
import Torch

/// One equivariant layer forward and backward, for its parameters and its input, with a constant gradient of the output;
/// parts of the batch beside each other, as in training: what belongs to one part only is given back after it.
struct LayerPass: Workload {
    private let layer: EquivariantLinear
    private let inputs: [Feature]
    private let cotangent: Feature

    /// A layer from a space to itself and a random batch for it, of equal parts.
    init(over space: FeatureSpace, batch: Int, bottleneck: MixingMatrix.Bottleneck? = nil) {
        var random = RandomSource(seed: 1)
        layer = EquivariantLinear(from: space, to: space, bottleneck: bottleneck, using: &random)
        let parts = BatchPart.parts(of: batch, largest: space.networksPerPart)
        inputs = parts.map { .random(over: space, batch: $0.samples.count, using: &random) }
        cotangent = .random(over: space, batch: inputs[0].batch, using: &random)
    }

    var parameterCount: Int { layer.parameterCount }

    mutating func step() {
        let sum = GradientSum(for: layer, parts: inputs.count)
        _ = Runtime.concurrentMap(inputs.count) { [layer, inputs, cotangent] part in
            let output = sum.variables(of: layer, part: part)(inputs[part].map(\.asVariable))
            sum.add(gradientsOf: output.blocks, weightedBy: cotangent.blocks, part: part)
        }
        _ = sum.takeTotal()
    }
}
