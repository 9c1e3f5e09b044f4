/// What is not given of a network that is read as a chain.
///
/// Permutations that move all axes of one width alike leave alone whatever is made of the layers by connections between
/// equal widths, in any order, with any square kernel transposed: each such network adds and multiplies only what has
/// moved alike. Those are the groups of a chain that is not stated to be one.
enum ChainAssumptions {
    /// The assumptions about layers that are read in this order.
    static func of(_ layers: [ChainLayer], stating facts: StatedFacts) -> [Assumption] {
        var result: [Assumption] = []
        if !facts.isChain {
            result.append(
                .supposed(
                    .chain,
                    "the layers run one after the other, with nothing between them that tells neurons apart, none of "
                        + "them in groups of channels", layers: layers.filter(\.isMatrix).map(\.name)))
            if let open = connections(layers) { result.append(open) }
        }
        if facts.flatten == nil, let open = flatten(layers) { result.append(open) }
        if !facts.normalizesLayers, let open = normalizations(layers) { result.append(open) }
        return result
    }

    /// Layers of equal width, which a connection may join.
    private static func connections(_ layers: [ChainLayer]) -> Assumption? {
        let matrices = layers.filter(\.isMatrix)
        guard let first = matrices.first, let last = matrices.last else { return nil }
        var axes: [Int: [ParameterAxis]] = [:]
        var names: [Int: [String]] = [:]
        for (index, layer) in matrices.enumerated() {
            let isRead = index > 0 && layer.inputs != matrices[index - 1].outputs
            if isRead { axes[layer.inputs, default: []].append(layer.axis(1)) }
            if index < matrices.count - 1 {
                axes[layer.outputs, default: []].append(layer.axis(0))
                names[layer.outputs, default: []].append(layer.name)
            }
        }
        var constraints: [AxisConstraint] = []
        var (widths, involved) = (Set<Int>(), [String]())
        for (width, alike) in axes.sorted(by: { $0.key < $1.key }) {
            if width == first.inputs || width == last.outputs {
                let end = width == first.inputs ? "inputs" : "outputs"
                constraints += alike.map {
                    .fixed($0, because: "as many as the network has \(end), which a connection may join to them")
                }
            } else if alike.count > 1 {
                constraints.append(.alike(alike))
            } else {
                continue
            }
            widths.insert(width)
            involved += names[width] ?? []
        }
        // A single neuron does not move.
        guard !constraints.isEmpty, widths.contains(where: { $0 > 1 }) else { return nil }
        return .open(
            .chain, "whether connections join layers of equal width, which therefore move alike or stay",
            layers: involved, constraints)
    }

    /// A convolution that a dense layer reads at several positions.
    private static func flatten(_ layers: [ChainLayer]) -> Assumption? {
        guard Chain.positions(layers) > 1, let dense = layers.first(where: { $0.kind == .dense }),
            let convolution = layers.last(where: { $0.kind == .convolution }), convolution.outputs > 1
        else { return nil }
        return .open(
            .flatten, "whether channels or positions come first where they are flattened, so that the channels stay",
            layers: [convolution.name, dense.name],
            [.fixed(convolution.axis(0), because: "the file does not say in which order they are flattened")])
    }

    /// Normalizations between dense layers that may be of groups of neurons.
    private static func normalizations(_ layers: [ChainLayer]) -> Assumption? {
        guard let first = layers.firstIndex(where: \.isMatrix), let last = layers.lastIndex(where: \.isMatrix),
            first < last
        else { return nil }
        let between = layers[first..<last].filter { $0.kind == .layerNormalization && $0.outputs > 1 }
        guard !between.isEmpty else { return nil }
        return .open(
            .normalization,
            "whether normalizations are over whole layers or over groups of neurons, which therefore stay",
            layers: between.map(\.name),
            between.map { .fixed($0.axis(0), because: "the file does not say which of them are normalized together") })
    }
}

extension ChainLayer {
    /// An axis of the layer's weight.
    fileprivate func axis(_ axis: Int) -> ParameterAxis { ParameterAxis(parameter: "\(name).weight", axis: axis) }
}
