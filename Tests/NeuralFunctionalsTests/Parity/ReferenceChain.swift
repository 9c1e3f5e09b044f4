import NeuralFunctionals
import Torch
import WeightSpaces

/// The networks of a reference case: neuron sets `0…L`, and layers `0..<L` between neighbours.
struct ReferenceChain: Sendable {
    /// `n_g`, the sizes of the neuron sets.
    let widths: [Int]
    /// The kernel of each layer; empty where it is dense.
    let kernels: [[Int]]

    /// `L`
    var depth: Int { kernels.count }

    /// The names of a feature's tensors in the files, in the order of our blocks.
    var names: [String] { (0..<depth).flatMap { ["weight.\($0)", "bias.\($0)"] } }

    /// The block of layer `layer`'s weight.
    func weight(_ layer: Int) -> Int { 2 * layer }

    /// The block of layer `layer`'s bias.
    func bias(_ layer: Int) -> Int { 2 * layer + 1 }

    /// `f`, the positions in the kernel of a block.
    func positions(_ block: Int) -> Int { block.isMultiple(of: 2) ? kernels[block / 2].reduce(1, *) : 1 }

    /// `o`, the input or output neurons along a block's axis that no group permutes; one where there is no such axis.
    func fixedNeurons(_ block: Int, _ symmetry: NeuronSymmetry) -> Int {
        guard symmetry == .hiddenNeurons else { return 1 }
        if block == weight(0) { return widths[0] }
        return block == weight(depth - 1) || block == bias(depth - 1) ? widths[depth] : 1
    }

    /// Our space of the same networks.
    func space(_ symmetry: NeuronSymmetry) throws -> WeightSpace {
        let kernels = kernels.filter { !$0.isEmpty }
        if kernels.isEmpty { return try .mlp(widths: widths, symmetry: symmetry) }
        return try .cnn(
            channels: Array(widths.prefix(kernels.count + 1)), kernels: kernels,
            dense: Array(widths.dropFirst(kernels.count + 1)), symmetry: symmetry)
    }
}

extension WeightSpace {
    /// The reference's tensors, `[batch, channels, stored shape…]` per block, as a feature.
    func feature(fromReference tensors: [Tensor]) -> Feature {
        let channels = tensors[0].size(1)
        let arrays = zip(tensors, blocks).map { tensor, block in
            let ours = channelsLast(tensor.reshaped([-1] + block.shape), block)
            let positions = Array(ours.shape.dropFirst())
            return ours.reshaped([-1, channels] + positions)
                .permuted([0] + positions.indices.map { $0 + 2 } + [1])
                .reshaped([tensor.size(0)] + positions.dropLast() + [block.fixedCount * channels])
        }
        return Feature(arrays, over: FeatureSpace(self, channels: channels))
    }

    /// A feature as the reference's tensors; the inverse of ``feature(fromReference:)``.
    func reference(from feature: Feature) -> [Tensor] {
        zip(zip(feature.blocks, feature.space.blocks), blocks).map { ours, block in
            let (array, features) = ours
            let positions = Array(array.shape.dropFirst().dropLast()) + [block.fixedCount]
            let apart = array.reshaped([array.size(0)] + positions + [features.channels])
            let channelsFirst = apart.permuted([0, positions.count + 1] + positions.indices.map { $0 + 1 })
            return stored(channelsFirst.reshaped([-1] + positions), block)
                .reshaped([array.size(0), features.channels] + block.shape)
        }
    }
}
