extension WeightSpace {
    /// The weight space of a multi-layer perceptron.
    ///
    /// - Parameters:
    ///   - widths: inputs, hidden layers, outputs; at least two.
    ///   - names: one per layer, in front of `.weight` (`[outputs, inputs]`) and `.bias`; `0`, `1`, … if absent.
    public static func mlp(
        widths: [Int], symmetry: NeuronSymmetry = .hiddenNeurons, hasBiases: Bool = true, names: [String]? = nil
    ) throws -> WeightSpace {
        precondition(widths.count >= 2, "expected inputs and outputs, got widths \(widths)")
        let names = names ?? (0..<widths.count - 1).map(String.init)
        var chain = Chain(inputs: widths[0], symmetry: symmetry, hasBiases: hasBiases)
        for (layer, name) in names.enumerated() {
            chain.append(
                name, inputs: widths[layer], outputs: widths[layer + 1], isLast: layer == names.count - 1)
        }
        return try WeightSpace(groups: chain.groups, blocks: chain.blocks)
    }
}
