extension WeightSpace {
    /// The weight space of a file that holds nothing but a chain of dense layers, or of convolutions and then dense
    /// layers, as `name.weight` and `name.bias`.
    ///
    /// The order of the layers comes from their shapes where the names' numbers do not give it.
    ///
    /// - Throws: ``WeightSpaceError/unrecognized(_:)`` when the parameters are not such a chain.
    public init(chainOf parameters: [(name: String, shape: [Int])]) throws {
        let shapes = Dictionary(parameters.map { ($0.name, $0.shape) }) { first, _ in first }
        let layers = parameters.compactMap { parameter in
            parameter.name.hasSuffix(".weight") ? String(parameter.name.dropLast(".weight".count)) : nil
        }.sorted { Self.naturalOrder($0, $1) }
        let biases = layers.filter { shapes["\($0).bias"] != nil }
        guard !layers.isEmpty, layers.count + biases.count == shapes.count,
            biases.isEmpty || biases.count == layers.count
        else { throw WeightSpaceError.unrecognized("the tensors are not pairs of weights and biases") }
        let weights = layers.compactMap { shapes["\($0).weight"] }
        let kernels = weights.prefix { $0.count > 2 }
        let dense = weights.dropFirst(kernels.count)
        guard dense.allSatisfy({ $0.count == 2 }), let last = dense.last, weights.allSatisfy({ !$0.contains(0) }),
            zip(layers, weights).allSatisfy({ shapes["\($0).bias"].map { [$0] } ?? [[$1[0]]] == [[$1[0]]] })
        else { throw WeightSpaceError.unrecognized("expected convolutions, then at least one dense layer") }
        var positions = 1
        for (index, (before, after)) in zip(weights, weights.dropFirst()).enumerated() {
            let isReadout = index == kernels.count - 1
            guard after[1] == before[0] || isReadout && after[1].isMultiple(of: before[0]) else {
                throw WeightSpaceError.unrecognized(
                    "\(layers[index + 1]) reads \(after[1]) values, but \(layers[index]) writes \(before[0])")
            }
            if isReadout { positions = after[1] / before[0] }
        }
        if kernels.isEmpty {
            self = try .mlp(
                widths: dense.map { $0[1] } + [last[0]], hasBiases: !biases.isEmpty, names: layers)
        } else {
            self = try .cnn(
                channels: [kernels[0][1]] + kernels.map { $0[0] }, kernels: kernels.map { Array($0.dropFirst(2)) },
                dense: dense.map { $0[0] }, readout: positions == 1 ? .globalPooling : .flatten(positions: positions),
                hasBiases: !biases.isEmpty, names: layers)
        }
    }

    /// Whether one name comes before another, numbers in them compared as numbers.
    private static func naturalOrder(_ a: String, _ b: String) -> Bool {
        let (a, b) = (pieces(a), pieces(b))
        for (first, second) in zip(a, b) where first != second {
            if let first = Int(first), let second = Int(second) { return first < second }
            return first < second
        }
        return a.count < b.count
    }

    private static func pieces(_ name: String) -> [String] { name.split(separator: ".").map(String.init) }
}
