extension WeightSpace {
    /// The weight space of a one-layer recurrent network, whose hidden-to-hidden matrix carries one label twice.
    ///
    /// Parameters as PyTorch names them: `weight_ih_l0` `[hidden, inputs]`, `weight_hh_l0` `[hidden, hidden]`, their
    /// biases, and a dense `readout`.
    public static func rnn(inputs: Int, hidden: Int, outputs: Int) throws -> WeightSpace {
        let neurons = Axis.permuted(0)
        return try WeightSpace(
            groups: [PermutationGroup("hidden", size: hidden)],
            blocks: [
                Block(parameter: "weight_ih_l0", shape: [hidden, inputs], axes: [neurons, .fixed(inputs)]),
                Block(parameter: "weight_hh_l0", shape: [hidden, hidden], axes: [neurons, neurons]),
                Block(parameter: "bias_ih_l0", shape: [hidden], axes: [neurons]),
                Block(parameter: "bias_hh_l0", shape: [hidden], axes: [neurons]),
                Block(parameter: "readout.weight", shape: [outputs, hidden], axes: [.fixed(outputs), neurons]),
                Block(parameter: "readout.bias", shape: [outputs], axes: [.fixed(outputs)]),
            ])
    }
}
