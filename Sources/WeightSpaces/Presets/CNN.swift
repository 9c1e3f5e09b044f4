/// How a CNN passes from feature maps to its dense layers.
public enum Readout: Hashable, Sendable, Codable {
    /// The mean over all positions.
    case globalPooling
    /// All positions of every channel, the channel slowest; `positions` is height times width.
    case flatten(positions: Int)
}

extension WeightSpace {
    /// The weight space of convolutions followed by dense layers.
    ///
    /// - Parameters:
    ///   - channels: input channels, then the channels of each convolution.
    ///   - kernels: the kernel sizes of each convolution; its weight is `[outputs, inputs, kernel…]`.
    ///   - dense: the widths of the dense layers after the readout; at least one.
    ///   - names: one per layer; `0`, `1`, … if absent.
    public static func cnn(
        channels: [Int], kernels: [[Int]], dense: [Int], readout: Readout = .globalPooling,
        symmetry: NeuronSymmetry = .hiddenNeurons, hasBiases: Bool = true, names: [String]? = nil
    ) throws -> WeightSpace {
        precondition(
            channels.count == kernels.count + 1 && !dense.isEmpty,
            "expected one kernel per convolution and a dense layer, got \(channels), \(kernels), \(dense)")
        let names = names ?? (0..<kernels.count + dense.count).map(String.init)
        var chain = Chain(inputs: channels[0], symmetry: symmetry, hasBiases: hasBiases)
        for (layer, kernel) in kernels.enumerated() {
            chain.append(
                names[layer], inputs: channels[layer], outputs: channels[layer + 1], kernel: kernel, isLast: false)
        }
        var (inputs, positions) = (channels[channels.count - 1], 1)
        if case .flatten(let count) = readout { positions = count }
        for (layer, outputs) in dense.enumerated() {
            chain.append(
                names[kernels.count + layer], inputs: inputs, outputs: outputs, positions: positions,
                isLast: layer == dense.count - 1)
            (inputs, positions) = (outputs, 1)
        }
        return try WeightSpace(groups: chain.groups, blocks: chain.blocks)
    }
}
