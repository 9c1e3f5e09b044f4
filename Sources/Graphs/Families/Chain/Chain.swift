/// Plain chains: convolutions, if any, then dense layers, with normalizations between.
///
/// What names and shapes do not say has no influence on the symmetries and is left out: poolings, paddings and strides.
/// Permutations commute with any function of single elements; the activation is a leaky ReLU, which no neuron is dead
/// under, so that a certificate sees each of them. Pictures are as large as the first dense layer asks for. That the
/// network is a chain at all is supposed, or stated.
enum Chain {
    static let name = "a chain of layers"

    /// Reads parameters as those of a chain.
    ///
    /// - Throws: ``FamilyError`` when they are none, or leave open in which order the layers come.
    static func reading(_ given: GraphBuilder, stating facts: StatedFacts) throws -> Reading {
        var build = given
        let layers: [ChainLayer]
        do {
            if let reason = KnownArchitectures.reason(for: build.checkpoint.entries) {
                throw ChainError(reason: reason)
            }
            layers = try ChainOrder.ordered(
                try ChainLayer.layers(of: build.checkpoint.entries), mayBeSkipped: !facts.isChain)
        } catch let error as ChainError {
            throw build.unrecognized(error.reason)
        }
        let assumptions = ChainAssumptions.of(layers, stating: facts)
        return Reading(
            graph: try graph(layers, flatten: facts.flatten ?? .channelsFirst, &build),
            source: assumptions.isEmpty ? .statement : .assumption, assumptions: assumptions)
    }

    private static func graph(
        _ layers: [ChainLayer], flatten: StatedFacts.FlattenOrder, _ build: inout GraphBuilder
    ) throws -> Graph {
        let kernels = layers.filter { $0.kind == .convolution }.map(\.shape)
        var width = layers[0].inputs
        let extents = try extents(kernels, positions: Self.positions(layers), build)
        let input = Graph.Input(name: "input", shape: [nil, width] + extents, dtype: .float32)
        var (x, isFlat) = ("input", kernels.isEmpty)
        let last = layers.lastIndex { $0.isMatrix }
        for (index, layer) in layers.enumerated() {
            switch layer.kind {
            case .convolution:
                x = try build.convolution(
                    x, layer.name, inputs: width, axes: extents.count, isPadded: false
                ).value
            case .dense:
                if !isFlat { x = flattened(x, flatten, axes: extents.count, &build) }
                isFlat = true
                x = try build.dense(x, layer.name, inputs: layer.inputs, outputs: layer.outputs)
            case .batchNormalization:
                x = try build.batchNormalization(x, layer.name, layer.outputs)
            case .layerNormalization:
                x = try build.layerNormalization(x, layer.name, layer.outputs)
            }
            width = layer.outputs
            let isEndOfBlock = index + 1 < layers.count && layers[index + 1].isMatrix
            if isEndOfBlock, let last, index < last, layers[...index].contains(where: \.isMatrix) {
                x = build("LeakyRelu", x, attributes: ["alpha": .number(0.1)])
            }
        }
        return try build.graph([input], outputs: [x], buffers: [".num_batches_tracked"])
    }

    /// `[batch, channels, positions…]` in two axes.
    private static func flattened(
        _ x: String, _ order: StatedFacts.FlattenOrder, axes: Int, _ build: inout GraphBuilder
    ) -> String {
        switch order {
        case .channelsFirst: return build("Flatten", x)
        case .channelsLast:
            let order = [0] + Array(2..<axes + 2) + [1]
            return build("Flatten", build("Transpose", x, attributes: ["perm": .integers(order)]))
        }
    }

    /// How many values per channel the first dense layer reads.
    static func positions(_ layers: [ChainLayer]) -> Int {
        guard let first = layers.firstIndex(where: { $0.kind == .dense }), first > 0 else { return 1 }
        return layers[first].inputs / layers[first - 1].outputs
    }

    /// The extents of the input from which convolutions without padding leave so many positions.
    private static func extents(_ kernels: [[Int]], positions: Int, _ build: GraphBuilder) throws -> [Int] {
        guard let axes = kernels.first.map({ $0.count - 2 }) else { return [] }
        var extents = [Int](repeating: 1, count: axes - 1) + [positions]
        let side = Int(Double(positions).squareRoot().rounded())
        if axes == 2, side * side == positions { extents = [side, side] }
        for kernel in kernels {
            for axis in 0..<axes { extents[axis] += kernel[axis + 2] - 1 }
        }
        let channels = kernels.flatMap { $0[..<2] }.max() ?? 1
        guard let count = elementCount([channels] + extents), count <= 1 << 26 else {
            throw build.unrecognized("its convolutions would need pictures of \(extents)")
        }
        return extents
    }
}

/// Why parameters are no chain.
struct ChainError: Error {
    let reason: String
}
