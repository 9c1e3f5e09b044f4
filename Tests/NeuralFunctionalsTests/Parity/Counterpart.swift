import NeuralFunctionals
import Testing
import Torch
import WeightSpaces

/// Our layer in place of a reference case's, with the same parameters and inputs.
struct Counterpart {
    let reference: ReferenceCase
    let symmetry: NeuronSymmetry
    let space: WeightSpace

    init(_ reference: ReferenceCase, _ symmetry: NeuronSymmetry) throws {
        self.reference = reference
        self.symmetry = symmetry
        space = try reference.chain.space(symmetry)
    }

    /// Outputs, and the gradients of `Σ output · cotangent` for inputs and parameters, under the names in the file.
    ///
    /// - Parameter change: changes the reference's parameters beforehand.
    func results(in dtype: DType, changing change: (inout [String: Tensor]) -> Void = { _ in }) throws
        -> [String: Tensor]
    {
        var parameters = reference.tensors("parameter.").mapValues { $0.to(dtype) }
        change(&parameters)
        parameters = parameters.mapValues(\.asVariable)
        let given = reference.tensors("input.").mapValues { $0.to(dtype).asVariable }
        let inputs = try reference.chain.names.map { try #require(given[$0]) }
        let outputs = try evaluate(inputs, parameters)
        let cotangents = reference.tensors("cotangent.")
        let products = try outputs.map { try ($0.value * #require(cotangents[$0.key]).to(dtype)).sum }
        let loss = products.dropFirst().reduce(products[0], +)

        let names = parameters.keys.sorted()
        let gradients = gradients(of: loss, withRespectTo: inputs + names.compactMap { parameters[$0] })
        var results: [String: Tensor] = [:]
        for (name, output) in outputs { results["output.\(name)"] = output.detached }
        let variables = reference.chain.names.map { "input.\($0)" } + names.map { "parameter.\($0)" }
        for (name, gradient) in zip(variables, gradients) { results["gradient.\(name)"] = gradient }
        return results
    }

    private func evaluate(_ inputs: [Tensor], _ parameters: [String: Tensor]) throws -> [String: Tensor] {
        let dtype = inputs[0].dtype
        let feature = space.feature(fromReference: inputs)
        switch reference.kind {
        case .hnpLinear, .npLinear:
            return named(linear(feature, parameters))
        case .npLinearEmbedded:
            let embedded = try embedding(parameters, in: inputs)
            return named(linear(space.feature(fromReference: embedded), parameters))
        case .pointwise:
            return named(space.reference(from: try pointwise(parameters)(feature)))
        case .hnpPool, .npPool:
            let pooled = InvariantPooling(feature.space)(feature)
            let channels = reference.inputChannels
            return ["pooled": pooled.reshaped([pooled.size(0), -1, channels]).permuted([0, 2, 1])]
        case .gaussianFourier:
            // Ours keeps the weights in front of their sines and cosines.
            let lifted = try fourier(feature.space, dtype)(feature)
            let count = reference.inputChannels
            return named(space.reference(from: lifted).map { $0.narrowed(1, to: count..<$0.size(1)) })
        case .ioSinusoidal:
            // The reference appends zeros where there is nothing to tell apart, ours nothing.
            let encoded = try positional(feature.space)(feature)
            return named(
                space.reference(from: encoded).map { x in
                    let missing = reference.outputChannels - x.size(1)
                    if missing == 0 { return x }
                    let shape = [x.size(0), missing] + x.shape.dropFirst(2)
                    return concatenate([x, .zeros(shape, dtype: dtype)], axis: 1)
                })
        }
    }

    private func named(_ tensors: [Tensor]) -> [String: Tensor] {
        Dictionary(uniqueKeysWithValues: zip(reference.chain.names, tensors))
    }

    /// A layer of the case's widths, with random parameters.
    func equivariantLinear() -> EquivariantLinear {
        var random = RandomSource(seed: 0)
        return EquivariantLinear(
            from: FeatureSpace(space, channels: reference.inputChannels),
            to: FeatureSpace(space, channels: reference.outputChannels), using: &random)
    }

    private func linear(_ feature: Feature, _ parameters: [String: Tensor]) -> [Tensor] {
        var layer = equivariantLinear()
        layer.setParameters(ReferenceLinear(reference, of: layer, symmetry).parameters(from: parameters))
        return space.reference(from: layer(feature))
    }

    /// The learned vectors that the reference adds to the first weight's columns, the last one's rows and the last bias.
    private func embedding(_ parameters: [String: Tensor], in inputs: [Tensor]) throws -> [Tensor] {
        let (chain, channels) = (reference.chain, reference.inputChannels)
        let (first, last) = (chain.weight(0), chain.weight(chain.depth - 1))
        let (kernel, rank) = (chain.kernels[0], chain.kernels[0].count)
        // `[1, channels · positions, 1, columns]` to `[1, channels, 1, columns, kernel…]`
        let columns = try #require(parameters["in_embed"])
            .reshaped([1, channels] + kernel + [1, chain.widths[0]])
            .permuted([0, 1, rank + 2, rank + 3] + (0..<rank).map { $0 + 2 })
        var result = inputs
        result[first] = result[first] + columns
        // The last layer is dense: `[1, channels, rows, 1]`.
        result[last] = try result[last] + #require(parameters["out_embed"])
        result[last + 1] = try result[last + 1] + #require(parameters["out_bias_embed"])
        return result
    }

    /// The reference maps each fixed neuron alone, ours all at once: its matrix is the diagonal block of ours.
    private func pointwise(_ parameters: [String: Tensor]) throws -> ChannelMixing {
        let (chain, read, written) = (reference.chain, reference.inputChannels, reference.outputChannels)
        var random = RandomSource(seed: 0)
        var layer = ChannelMixing(FeatureSpace(space, channels: read), channels: written, using: &random)
        layer.setParameters(
            try space.blocks.indices.flatMap { block in
                let map = "\(block.isMultiple(of: 2) ? "weight" : "bias")_maps.\(block / 2)"
                let weight = try #require(parameters["\(map).weight"])
                let bias = try #require(parameters["\(map).bias"])
                let (positions, fixed) = (chain.positions(block), chain.fixedNeurons(block, symmetry))
                let matrix = weight.reshaped([written, positions, read, positions]).permuted([3, 2, 1, 0])
                    .reshaped([1, positions * read, 1, positions * written])
                let identity = Tensor.ones([fixed], dtype: weight.dtype).diagonalEmbedding(0, 1)
                return [
                    (identity.reshaped([fixed, 1, fixed, 1]) * matrix)
                        .reshaped([fixed * positions * read, fixed * positions * written]),
                    bias.reshaped([written, positions]).permuted([1, 0]).reshaped([1, -1])
                        .expanded([fixed, positions * written]).reshaped([-1]),
                ]
            })
        return layer
    }

    private func fourier(_ features: FeatureSpace, _ dtype: DType) throws -> FourierFeatures {
        var random = RandomSource(seed: 0)
        var layer = FourierFeatures(
            features, .init(frequencies: try #require(reference.frequencies)), using: &random)
        let projection = try #require(reference.tensors["buffer._B"]).to(dtype) * (2 * Double.pi)
        layer.visitBuffers { _, buffer in buffer = projection }
        return layer
    }

    private func positional(_ features: FeatureSpace) throws -> PositionalEncoding {
        PositionalEncoding(
            features,
            .init(
                bands: try #require(reference.bands), maximumFrequency: try #require(reference.maximumFrequency)))
    }
}
