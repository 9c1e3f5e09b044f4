public import WeightSpaces

extension ClassifierArchitecture {
    /// The structure of the network's weights: hidden neurons and channels may trade places, pixels and classes not.
    ///
    /// A skip adds a convolution's inputs to its outputs, so the two are the same channels and share a group.
    public var weightSpace: WeightSpace {
        get throws {
            guard !convolutions.isEmpty else { return try .mlp(widths: imageShape + dense) }
            let chain = try WeightSpace.cnn(
                channels: [imageShape[0]] + convolutions.map(\.channels),
                kernels: convolutions.map { [$0.kernel, $0.kernel] }, dense: dense,
                readout: head == .pool ? .globalPooling : .flatten(positions: flattenedPositions))
            var groups: [PermutationGroup] = []
            var (neurons, axes) = (Axis.fixed(imageShape[0]), [Axis]())
            for (layer, group) in chain.groups.enumerated() {
                if layer >= convolutions.count || !convolutions[layer].hasSkip {
                    neurons = .permuted(groups.count)
                    groups.append(group)
                }
                axes.append(neurons)
            }
            let blocks = chain.blocks.map { block in
                var block = block
                block.axes = block.axes.map { axis in axis.group.map { axes[$0] } ?? axis }
                return block
            }
            return try WeightSpace(groups: groups, blocks: blocks)
        }
    }
}
