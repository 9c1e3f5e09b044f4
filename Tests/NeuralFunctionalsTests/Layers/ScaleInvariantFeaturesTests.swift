import NeuralFunctionals
import TestSupport
import Testing
import Torch
import WeightSpaces

@Suite(.oneThread) struct ScaleInvariantFeaturesTests {
    /// The sample spaces that are chains.
    static let chains = SampleSpace.all.filter {
        (try? ScalingStructure(of: $0.space, hiddenNeurons: .sign)) != nil && $0.space.groups.contains { !$0.isOrdered }
    }

    private func layer(_ structure: ScalingStructure) -> ScaleInvariantFeatures {
        ScaleInvariantFeatures(FeatureSpace(structure.space, channels: 1), structure: structure)
    }

    /// The largest relative error of a block, each in proportion to its own largest entry: sizes of the last layer are
    /// those of all paths and would hide the others.
    private func largestError(_ a: Feature, _ b: Feature) -> Double {
        zip(a.blocks, b.blocks).map { relativeError($0, $1) }.max() ?? .infinity
    }

    @Test("most sample spaces are chains")
    func findsChains() { #expect(Self.chains.count == 8) }

    @Test("φ(s · x) = φ(x)", arguments: chains, NeuronScaling.allCases)
    func isInvariant(sample: SampleSpace, scaling: NeuronScaling) throws {
        let structure = try ScalingStructure(of: sample.space, hiddenNeurons: scaling)
        let layer = layer(structure)
        var random = RandomSource(seed: 1)
        for _ in 0..<5 {
            let feature = sample.feature(channels: 1, using: &random)
            let element = ScalingElement.random(
                of: structure, networks: feature.batch, magnitudes: 0.01...100, using: &random)
            let scaled = element.acting(on: feature)
            #expect(largestError(scaled, feature) > 0.1)
            #expect(largestError(layer(scaled), layer(feature)) <= 1e-10)
        }
    }

    @Test("factors on what neurons receive alone change the features", arguments: chains, NeuronScaling.allCases)
    func noticesUncoupledFactors(sample: SampleSpace, scaling: NeuronScaling) throws {
        let structure = try ScalingStructure(of: sample.space, hiddenNeurons: scaling)
        var random = RandomSource(seed: 2)
        let feature = sample.feature(channels: 1, using: &random)
        for group in structure.scalings.keys {
            let scaled = ScalingElement.equal(in: group, of: structure).acting(on: feature)
            for (index, block) in structure.space.blocks.enumerated() {
                guard zip(block.groups, structure.exponents[index]).contains(where: { $0 == (group, -1) }) else {
                    continue
                }
                var blocks = scaled.blocks
                blocks[index] = feature.blocks[index]
                let uncoupled = Feature(blocks, over: feature.space)
                #expect(largestError(layer(structure)(uncoupled), layer(structure)(feature)) > 1e-3)
            }
        }
    }

    @Test("φ(g · x) = g · φ(x)", arguments: chains, NeuronScaling.allCases)
    func isEquivariant(sample: SampleSpace, scaling: NeuronScaling) throws {
        let layer = layer(try ScalingStructure(of: sample.space, hiddenNeurons: scaling))
        expectEquivariant({ layer($0) }, on: sample, channels: 1)
        let broken = { (feature: Feature) in layer(sample.withUncoupledPermutation(feature)) }
        guard sample.space.groups.contains(where: { $0.size > 1 && !$0.isOrdered }) else { return }
        #expect(equivarianceError(of: broken, on: sample, channels: 1) > 1e-3)
    }

    @Test("the sign of one weight alone changes the features", arguments: chains, NeuronScaling.allCases)
    func tellsNetworksApart(sample: SampleSpace, scaling: NeuronScaling) throws {
        let layer = layer(try ScalingStructure(of: sample.space, hiddenNeurons: scaling))
        var random = RandomSource(seed: 3)
        let feature = sample.feature(channels: 1, using: &random)
        for index in feature.blocks.indices {
            let flat = feature.blocks[index].reshaped([-1])
            var blocks = feature.blocks
            blocks[index] = concatenate([-flat.narrowed(0, to: 0..<1), flat.narrowed(0, to: 1..<flat.count)], axis: 0)
                .reshaped(feature.blocks[index].shape)
            #expect(largestError(layer(Feature(blocks, over: feature.space)), layer(feature)) > 1e-3)
        }
    }

    @Test("sizes are the weights of the canonical form; shares have its signs", arguments: chains)
    func agreesWithCanonicalForm(sample: SampleSpace) throws {
        var random = RandomSource(seed: 4)
        let feature = sample.feature(channels: 1, using: &random)
        for scaling in NeuronScaling.allCases {
            let structure = try ScalingStructure(of: sample.space, hiddenNeurons: scaling)
            let form = ScalingElement(canonicalizing: feature, in: structure).acting(on: feature)
            let channels = layer(structure)(feature).blocks.map { $0.reshaped([-1, 2]).split(1, into: [1, 1]) }
            for (index, (canonical, channels)) in zip(form.blocks, channels).enumerated() {
                let weights = canonical.reshaped([-1, 1])
                let hasFactors = structure.exponents[index].contains { $0 != 0 }
                let isSize = scaling == .positive || !hasFactors
                expectClose(channels[0], isSize ? weights : weights.magnitude, relativeError: 1e-12)
                #expect((channels[1] * weights).elements(as: Double.self).allSatisfy { $0 > 0 })
            }
        }
    }

    @Test("a feature's action is that of the networks")
    func actionsAgree() throws {
        let structure = try ScalingStructure(
            of: .cnn(
                channels: [2, 3, 4], kernels: [[3, 2], [1, 3]], dense: [5, 2], readout: .flatten(positions: 6)),
            hiddenNeurons: .positive)
        var random = RandomSource(seed: 5)
        let networks = Dictionary(
            uniqueKeysWithValues: structure.space.blocks.map {
                ($0.parameter, Tensor.normal(shape: [2] + $0.shape, dtype: .float64, using: &random))
            })
        let feature = try Feature(networks: networks, of: structure.space)
        let element = ScalingElement.random(of: structure, networks: 2, using: &random)
        let scaled = try Feature(networks: element.acting(on: networks), of: structure.space)
        #expect(largestError(scaled, element.acting(on: feature)) == 0)
    }

    @Test("networks with neurons that receive nothing have finite features, which factors do not change")
    func deadNeurons() throws {
        let sample = SampleSpace.all[0]
        var random = RandomSource(seed: 6)
        for scaling in NeuronScaling.allCases {
            let structure = try ScalingStructure(of: sample.space, hiddenNeurons: scaling)
            var blocks = sample.feature(channels: 1, using: &random).blocks
            for index in 0..<2 {
                let rest = blocks[index].narrowed(1, to: 1..<blocks[index].size(1))
                blocks[index] = concatenate([blocks[index].narrowed(1, to: 0..<1) * 0, rest], axis: 1)
            }
            let feature = Feature(blocks, over: FeatureSpace(sample.space, channels: 1))
            let element = ScalingElement.random(of: structure, using: &random)
            let expected = layer(structure)(feature)
            #expect(expected.blocks.allSatisfy { $0.isFinite })
            #expect(largestError(layer(structure)(element.acting(on: feature)), expected) <= 1e-10)
        }
    }
}
