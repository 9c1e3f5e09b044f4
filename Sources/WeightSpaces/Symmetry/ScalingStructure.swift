package import Torch

/// Which axes of a weight space take the factors of its neurons, and with which exponent.
///
/// In a chain of layers stored as PyTorch stores them, a matrix or kernel writes the neurons of its first axis and reads
/// those of its second: `W[i, j] ↦ aᵢ · W[i, j] / aⱼ`, `b[i] ↦ aᵢ · b[i]`. Neither activations nor normalisations without
/// parameters can be seen in a weight space: whoever names a group's factor vouches for what lies between the layers.
public struct ScalingStructure: Hashable, Sendable {
    /// A layer whose neurons carry a factor, and the numbers of its blocks.
    package struct Layer: Hashable, Sendable {
        package let group: Int
        package let scaling: NeuronScaling
        package let weight: Int
        package fileprivate(set) var bias: Int?
    }

    /// The space whose axes take the factors.
    public let space: WeightSpace
    /// The factors that groups carry, by the groups' numbers; the others carry none.
    public let scalings: [Int: NeuronScaling]
    /// For each block and each of its permuted axes the exponent of the neurons' factors: 1 where they are written, −1
    /// where they are read, 0 where there are none.
    public let exponents: [[Int]]
    /// The layers whose neurons carry factors, from input to output.
    package let layers: [Layer]

    /// The structure in which all hidden neurons carry the same kind of factor; ordered groups carry none.
    ///
    /// - Throws: ``ScalingError`` where the space is no chain of layers.
    public init(of space: WeightSpace, hiddenNeurons scaling: NeuronScaling) throws(ScalingError) {
        let hidden = space.groups.indices.filter { !space.groups[$0].isOrdered }
        try self.init(of: space, scalings: Dictionary(uniqueKeysWithValues: hidden.map { ($0, scaling) }))
    }

    /// The structure in which the groups with these numbers carry factors.
    ///
    /// - Throws: ``ScalingError`` where these groups are no neurons of a chain of layers.
    /// - Traps: when the space has no group of a number.
    public init(of space: WeightSpace, scalings: [Int: NeuronScaling]) throws(ScalingError) {
        precondition(
            scalings.keys.allSatisfy(space.groups.indices.contains),
            "expected numbers of \(space.groups.count) groups, got \(scalings.keys.sorted())")
        self.space = space
        self.scalings = scalings
        layers = try Self.layers(of: space, scalings)
        exponents = space.blocks.map { block in
            block.groups.enumerated().map { axis, group in
                if scalings[group] == nil { return 0 }
                return axis == 0 && block.axes[0].group == group ? 1 : -1
            }
        }
    }

    private static func layers(
        of space: WeightSpace, _ scalings: [Int: NeuronScaling]
    ) throws(ScalingError) -> [Layer] {
        var layers: [Layer] = []
        var readGroups = Set<Int>()
        for (index, block) in space.blocks.enumerated() where block.viewShape.count > 1 {
            let labels = block.groups.filter { scalings[$0] != nil }
            for (axis, group) in labels.enumerated() where labels[..<axis].contains(group) {
                throw .repeatedLabel(block.name, group: space.groups[group].name)
            }
            let written = block.axes[0].group.flatMap { labels.contains($0) ? $0 : nil }
            if let written, space.groups[written].size != block.viewShape[0] {
                throw .sharedAxis(block.name, group: space.groups[written].name)
            }
            let read = labels.filter { $0 != written }
            if let group = read.dropFirst().first {
                throw .sharedAxis(block.name, group: space.groups[group].name)
            }
            if let group = read.first {
                guard layers.contains(where: { $0.group == group }) else {
                    throw .readFirst(block.name, group: space.groups[group].name)
                }
                readGroups.insert(group)
            }
            guard let written, let scaling = scalings[written] else { continue }
            if let other = layers.first(where: { $0.group == written }) {
                throw .severalWriters(
                    group: space.groups[written].name, blocks: [space.blocks[other.weight].name, block.name])
            }
            layers.append(Layer(group: written, scaling: scaling, weight: index))
        }
        for group in scalings.keys.sorted() {
            let name = space.groups[group].name
            guard layers.contains(where: { $0.group == group }) else { throw .neverWritten(group: name) }
            guard readGroups.contains(group) else { throw .neverRead(group: name) }
        }
        return try adding(biasesOf: space, to: layers)
    }

    private static func adding(
        biasesOf space: WeightSpace, to layers: [Layer]
    ) throws(ScalingError) -> [Layer] {
        var layers = layers
        for (index, block) in space.blocks.enumerated() where block.viewShape.count == 1 {
            guard let layer = layers.firstIndex(where: { block.groups.contains($0.group) }) else { continue }
            let group = space.groups[layers[layer].group]
            // Scales and running means of a normalisation are vectors too, and do not scale like a bias.
            guard layers[layer].bias == nil, block.groups.count == 1, group.size == block.viewShape[0],
                block.parameter.lowercased().hasSuffix("bias")
            else { throw .notABias(block.name, group: group.name) }
            layers[layer].bias = index
        }
        return layers
    }

    /// A block's array with the axis that it writes and the one that it reads multiplied by a number for each neuron.
    ///
    /// - Input: `array` `[networks, permuted axes…, channels]`; `written` and `read` `[networks or 1, neurons]` for the
    ///   groups that have any.
    package func multiplying(
        _ array: Tensor, ofBlock index: Int, written: [Int: Tensor] = [:], read: [Int: Tensor] = [:]
    ) -> Tensor {
        var result = array
        for (axis, (group, exponent)) in zip(space.blocks[index].groups, exponents[index]).enumerated() {
            guard exponent != 0, let numbers = (exponent > 0 ? written : read)[group] else { continue }
            precondition(
                [1, array.size(0)].contains(numbers.size(0)),
                "expected factors of \(array.size(0)) networks, got those of \(numbers.size(0))")
            var shape = [Int](repeating: 1, count: array.rank)
            (shape[0], shape[axis + 1]) = (numbers.size(0), numbers.size(1))
            result = result * numbers.to(array.dtype).to(array.device).reshaped(shape)
        }
        return result
    }
}
