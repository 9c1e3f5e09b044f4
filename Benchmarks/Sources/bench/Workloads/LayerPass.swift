import NeuralFunctionals
import Torch

/// One equivariant layer forward and backward, for its parameters and its input, with a constant gradient of the output;
/// parts of the batch beside each other.
struct LayerPass: Workload {
    private let layer: EquivariantLinear
    private let inputs: [Feature]
    private let cotangents: [Feature]

    /// A layer from a space to itself and a random batch for it.
    init(over space: FeatureSpace, batch: Int, bottleneck: MixingMatrix.Bottleneck? = nil) {
        var random = RandomSource(seed: 1)
        layer = EquivariantLinear(from: space, to: space, bottleneck: bottleneck, using: &random)
        let parts = BatchPart.parts(of: batch, largest: space.networksPerPart)
        inputs = parts.map { .random(over: space, batch: $0.samples.count, using: &random) }
        cotangents = parts.map { .random(over: space, batch: $0.samples.count, using: &random) }
    }

    var parameterCount: Int { layer.parameterCount }

    mutating func step() {
        let slopes = Runtime.concurrentMap(inputs.count) { [layer, inputs, cotangents] part in
            let layer = layer.mapParameters(\.asVariable)
            let input = inputs[part].map(\.asVariable)
            let parameters = layer.parameters.map(\.value)
            let all = gradients(
                of: layer(input).blocks, weightedBy: cotangents[part].blocks, withRespectTo: parameters + input.blocks)
            return (parameters: Array(all[..<parameters.count]), input: Array(all[parameters.count...]))
        }
        _ = slopes.dropFirst().reduce(slopes[0].parameters) { sums, slopes in
            zip(sums, slopes.parameters).map { $0 + $1 }
        }
    }
}
