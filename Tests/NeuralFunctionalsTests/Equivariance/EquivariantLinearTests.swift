import NeuralFunctionals
import TestSupport
import Testing
import Torch
import WeightSpaces

@Suite(.oneThread) struct EquivariantLinearTests {
    /// Spaces with few weights, because every parameter takes two evaluations of the layer.
    static let small: [SampleSpace] = {
        do {
            return try [
                SampleSpace("MLP 2-3-2", .mlp(widths: [2, 3, 2])),
                SampleSpace(
                    "CNN, all neurons", .cnn(channels: [1, 2], kernels: [[2]], dense: [2], symmetry: .allNeurons)),
                SampleSpace("RNN, repeated label", .rnn(inputs: 1, hidden: 3, outputs: 1)),
                SampleSpace(
                    "threefold label",
                    WeightSpace(
                        groups: [PermutationGroup("h", size: 2)],
                        blocks: [
                            Block(
                                parameter: "cube", shape: [2, 2, 2], axes: [.permuted(0), .permuted(0), .permuted(0)])
                        ])),
            ]
        } catch {
            preconditionFailure("\(error)")
        }
    }()

    private func layer(_ sample: SampleSpace, from input: Int = 3, to output: Int = 2) -> EquivariantLinear {
        var random = RandomSource(seed: 7)
        return EquivariantLinear(
            from: FeatureSpace(sample.space, channels: input), to: FeatureSpace(sample.space, channels: output),
            using: &random
        ).to(.float64)
    }

    @Test("f(g · x) = g · f(x)", arguments: SampleSpace.all)
    func commutesWithPermutations(sample: SampleSpace) {
        expectEquivariant(layer(sample).callAsFunction, on: sample, channels: 3)
    }

    /// In parts of one sample scalars keep their gradients as factors.
    @Test("gradients summed over parts are those of the whole batch", arguments: SampleSpace.all)
    func gradientsOfParts(sample: SampleSpace) {
        var random = RandomSource(seed: 5)
        let layer = layer(sample, from: 12, to: 12)
        let feature = sample.feature(channels: 12, using: &random)
        func loss(_ layer: EquivariantLinear, _ samples: Range<Int>) -> Tensor {
            let part = feature.map { $0.narrowed(0, to: samples) }
            return layer(part).blocks.map { exp($0 * 0.1).sum }.reduce(.zeros([], dtype: .float64), +)
        }
        let sum = GradientSum(for: layer, parts: feature.batch)
        for part in 0..<feature.batch {
            sum.add(gradientsOf: [loss(sum.variables(of: layer, part: part), part..<part + 1)], part: part)
        }
        let (total, whole) = (sum.takeTotal(), valueWithGradients(of: layer) { loss($0, 0..<feature.batch) }.gradients)
        for (total, whole) in zip(total, whole) { expectClose(total.tensor, whole, relativeError: 1e-11) }
    }

    @Test("the layer tells a permutation outside the group", arguments: SampleSpace.all.filter(\.hasWideGroup))
    func noticesUncoupledPermutation(sample: SampleSpace) {
        var random = RandomSource(seed: 3)
        let layer = layer(sample)
        let feature = sample.feature(channels: 3, using: &random)
        #expect(relativeError(layer(sample.withUncoupledPermutation(feature)), layer(feature)) > 1e-3)
    }

    @Test("gradients for inputs and parameters are central differences", arguments: small)
    func gradientsMatch(sample: SampleSpace) {
        var random = RandomSource(seed: 4)
        let layer = layer(sample, from: 2, to: 1)
        let feature = sample.feature(channels: 2, using: &random)
        let cotangent = sample.feature(channels: 1, using: &random)
        expectGradientsMatchCentralDifferences(
            of: { tensors in
                var layer = layer
                layer.setParameters(Array(tensors.dropFirst(feature.blocks.count)))
                let output = layer(Feature(Array(tensors.prefix(feature.blocks.count)), over: feature.space))
                let products = zip(output.blocks, cotangent.blocks).map { ($0 * $1).sum }
                return products.dropFirst().reduce(products[0], +)
            }, at: feature.blocks + layer.parameters.map(\.value))
    }

    @Test("parameters are one matrix per view type and one bias")
    func namesParameters() throws {
        let sample = try SampleSpace("MLP", .mlp(widths: [2, 5, 4, 3]))
        #expect(
            layer(sample).parameters.map(\.name) == ["mixing()", "mixing(0)", "mixing(1)", "mixing(0,1)", "bias"])
        #expect(layer(sample).parameterCount == layer(sample).basis.count + layer(sample).bias.count)
    }

    @Test("weights and biases start in U(±1/√fan-in), fan-in counting every channel that reaches the block")
    func initializes() throws {
        let sample = try SampleSpace("MLP", .mlp(widths: [2, 5, 4, 3]))
        // Per channel read: 11 scalars, 4 and 5 vectors along the hidden layers, 1 matrix.
        let channelsRead: [Double] = [11 + 4, 11 + 4, 11 + 4 + 5 + 1, 11 + 5, 11 + 5, 11]
        let layer = layer(sample, from: 50, to: 50)
        let matrix = layer.matrices[0].factors[0]
        var start = 0
        for (block, count) in zip(layer.outputSpace.blocks, channelsRead) {
            let columns = start..<start + block.width
            start += block.width
            for parameter in [matrix.narrowed(1, to: columns), layer.bias.narrowed(0, to: columns)] {
                let largest = parameter.magnitude.maximum(Array(0..<parameter.rank)).item
                let bound = 1 / (50 * count).squareRoot()
                #expect(0.8 * bound < largest && largest <= 1.000001 * bound, "\(block.name)")
            }
        }
    }

    @Test("a bottleneck has few parameters and the variance of a full matrix, and is equivariant at every size")
    func bottleneckKeepsVariance() throws {
        let sample = try SampleSpace("MLP", .mlp(widths: [2, 5, 4, 3]))
        func layer(views: Int, channels: Int) -> EquivariantLinear {
            var random = RandomSource(seed: 8)
            let space = FeatureSpace(sample.space, channels: channels)
            return EquivariantLinear(
                from: space, to: space, bottleneck: .init(rank: 30, views: views), using: &random)
        }
        let (full, thin) = (layer(views: 6, channels: 40).matrices[0], layer(views: 5, channels: 40).matrices[0])
        #expect(full.factors.map(\.shape) == [[440, 440]])
        #expect(thin.factors.map(\.shape) == [[440, 30], [30, 440]])
        let product = matmul(thin.factors[0], thin.factors[1])
        expectClose(product.squared.mean.item, full.factors[0].squared.mean.item, relativeError: 0.1)
        for views in [0, 3] {
            let layer = layer(views: views, channels: 3).to(.float64)
            expectEquivariant(layer.callAsFunction, on: sample, channels: 3)
        }
    }
}
