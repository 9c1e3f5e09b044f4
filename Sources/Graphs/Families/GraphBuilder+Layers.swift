import Torch

extension GraphBuilder {
    /// `x Wᵀ + b` with `layer.weight` `[outputs, inputs]` and, where there is one, `layer.bias`.
    mutating func dense(_ x: String, _ layer: String, inputs: Int, outputs: Int) throws -> String {
        let weight = try parameter("\(layer).weight", [outputs, inputs])
        let product = self("MatMul", x, self("Transpose", weight, attributes: ["perm": .integers([1, 0])]))
        return try bias(product, layer, outputs)
    }

    /// `x W + b` with `layer.weight` `[inputs, outputs]` and, where there is one, `layer.bias`.
    mutating func transposedDense(_ x: String, _ layer: String, inputs: Int, outputs: Int) throws -> String {
        let product = self("MatMul", x, try parameter("\(layer).weight", [inputs, outputs]))
        return try bias(product, layer, outputs)
    }

    private mutating func bias(_ x: String, _ layer: String, _ width: Int) throws -> String {
        has("\(layer).bias") ? self("Add", x, try parameter("\(layer).bias", [width])) : x
    }

    /// The number of outputs of a layer whose weight has `rank` axes.
    func outputs(_ layer: String, rank: Int = 2) throws -> Int { try shape("\(layer).weight", rank: rank)[0] }

    /// A convolution; how many groups its channels form follows from the shape of `layer.weight`.
    mutating func convolution(
        _ x: String, _ layer: String, inputs: Int, axes: Int = 2, stride: Int = 1, isPadded: Bool = true
    ) throws -> (value: String, outputs: Int) {
        let shape = try shape("\(layer).weight", rank: axes + 2)
        let kernel = Array(shape[2...])
        guard inputs.isMultiple(of: shape[1]), shape[0].isMultiple(of: inputs / shape[1]) else {
            throw unrecognized(
                "it looks like \(family), but '\(layer).weight' of shape \(shape) does not fit \(inputs) channels")
        }
        let pads = kernel.map { isPadded ? $0 / 2 : 0 }
        let weight = try parameter("\(layer).weight", shape)
        let bias = has("\(layer).bias") ? try parameter("\(layer).bias", [shape[0]]) : nil
        let value = self(
            "Conv", x, weight, bias,
            attributes: [
                "kernel_shape": .integers(kernel), "pads": .integers(pads + pads),
                "strides": .integers(kernel.map { _ in stride }), "group": .integer(inputs / shape[1]),
            ])
        return (value, shape[0])
    }

    /// Batch normalization with the statistics of training.
    mutating func batchNormalization(_ x: String, _ layer: String, _ width: Int) throws -> String {
        let names = try ["weight", "bias", "running_mean", "running_var"].map {
            try parameter("\(layer).\($0)", [width])
        }
        return results("BatchNormalization", [x] + names, count: 1, attributes: ["epsilon": .number(1e-5)])[0]
    }

    /// Layer normalization; scale and shift may be called gamma and beta.
    mutating func layerNormalization(
        _ x: String, _ layer: String, _ width: Int, epsilon: Double = 1e-5
    ) throws -> String {
        let scale = has("\(layer).gamma") ? "\(layer).gamma" : "\(layer).weight"
        let shift = has("\(layer).beta") ? "\(layer).beta" : "\(layer).bias"
        return self(
            "LayerNormalization", x, try parameter(scale, [width]), try parameter(shift, [width]),
            attributes: ["axis": .integer(-1), "epsilon": .number(epsilon)])
    }

    /// Attention of projected queries, keys and values `[batch, places, heads · size]`.
    mutating func attention(
        _ query: String, _ key: String, _ value: String, heads: Int, keyHeads: Int? = nil, isCausal: Bool = false,
        scale: Double? = nil
    ) -> String {
        var attributes: [String: Attribute] = [
            "q_num_heads": .integer(heads), "kv_num_heads": .integer(keyHeads ?? heads),
            "is_causal": .integer(isCausal ? 1 : 0),
        ]
        if let scale { attributes["scale"] = .number(scale) }
        return results("Attention", [query, key, value], count: 1, attributes: attributes)[0]
    }

    /// The rows of a table that indices select.
    mutating func rows(_ indices: String, of table: String, _ shape: [Int]) throws -> String {
        self("Gather", try parameter(table, shape), indices, attributes: ["axis": .integer(0)])
    }

    /// The numbers of the places in sequences `[batch, places]`, from 0 on.
    mutating func places(in sequences: String) -> String {
        let extent = self("Shape", sequences, attributes: ["start": .integer(1), "end": .integer(2)])
        let count = self("Squeeze", extent, constant(Tensor([Int64(0)])))
        return self("Range", constant(Tensor([Int64(0)], shape: [])), count, constant(Tensor([Int64(1)], shape: [])))
    }

    /// Sequences of tokens, no longer than a table of `positions` allows.
    static func tokens(positions: Int = .max) -> Graph.Input {
        let places = positions < Network.openExtent ? positions : nil
        return Graph.Input(name: "input_ids", shape: [nil, places], dtype: .int64)
    }
}
