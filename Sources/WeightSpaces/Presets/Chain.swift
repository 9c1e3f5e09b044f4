/// Builds the weight space of layers that follow one another, each reading the neurons that the one before wrote.
struct Chain {
    private(set) var groups: [PermutationGroup] = []
    private(set) var blocks: [Block] = []
    private let symmetry: NeuronSymmetry
    private let hasBiases: Bool
    /// The neurons that the next layer reads.
    private var neurons: Axis

    init(inputs: Int, symmetry: NeuronSymmetry, hasBiases: Bool) {
        self.symmetry = symmetry
        self.hasBiases = hasBiases
        neurons = .fixed(inputs)
        if symmetry == .allNeurons { neurons = permuted("input", size: inputs, isOrdered: true) }
    }

    /// Appends a layer named `name`.
    ///
    /// - Parameters:
    ///   - positions: how many places of each read neuron were flattened into the layer's input axis.
    ///   - kernel: the sizes of the kernel axes that follow `(outputs, inputs)`.
    mutating func append(
        _ name: String, inputs: Int, outputs: Int, positions: Int = 1, kernel: [Int] = [], isLast: Bool
    ) {
        let read = [neurons] + (positions > 1 ? [.fixed(positions)] : [])
        switch (isLast, symmetry) {
        case (true, .hiddenNeurons): neurons = .fixed(outputs)
        case (true, .allNeurons): neurons = permuted("output", size: outputs, isOrdered: true)
        case (false, _): neurons = permuted(name, size: outputs, isOrdered: false)
        }
        blocks.append(
            Block(
                parameter: "\(name).weight", shape: [outputs, inputs * positions] + kernel,
                axes: [neurons] + read + kernel.map(Axis.fixed)))
        if hasBiases { blocks.append(Block(parameter: "\(name).bias", shape: [outputs], axes: [neurons])) }
    }

    private mutating func permuted(_ name: String, size: Int, isOrdered: Bool) -> Axis {
        groups.append(PermutationGroup(name, size: size, isOrdered: isOrdered))
        return .permuted(groups.count - 1)
    }
}
