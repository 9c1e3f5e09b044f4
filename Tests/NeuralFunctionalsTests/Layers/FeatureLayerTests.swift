import Foundation
import NeuralFunctionals
import TestSupport
import Testing
import Torch
import WeightSpaces

@Suite(.oneThread) struct FeatureLayerTests {
    static let channels = 3

    @Test("f(g · x) = g · f(x)", arguments: SampleLayer.allCases, SampleSpace.all)
    func isEquivariant(sample: SampleLayer, space: SampleSpace) {
        let layer = sample(over: FeatureSpace(space.space, channels: Self.channels))
        expectEquivariant(
            { layer($0) }, on: space, channels: Self.channels, movingOrdered: sample != .positionalEncoding)
    }

    @Test("positional encodings tell ordered neurons apart", arguments: SampleSpace.all.filter(\.hasOrderedGroup))
    func encodingNoticesOrder(space: SampleSpace) {
        let layer = SampleLayer.positionalEncoding(over: FeatureSpace(space.space, channels: Self.channels))
        #expect(equivarianceError(of: { layer($0) }, on: space, channels: Self.channels) > 1e-3)
    }

    @Test("the law fails for a ramp along a permuted axis", arguments: SampleSpace.all.filter(\.hasWideGroup))
    func noticesBrokenLayer(space: SampleSpace) {
        func ramped(_ feature: Feature) -> Feature {
            Feature(
                zip(feature.blocks, feature.space.blocks).map { array, block in
                    if block.groups.isEmpty { return array }
                    let shape = [array.size(1)] + .init(repeating: 1, count: array.rank - 2)
                    return array
                        * Tensor.linearSpace(1...2, count: array.size(1), dtype: .float64).reshaped(shape)
                }, over: feature.space)
        }
        #expect(equivarianceError(of: ramped, on: space, channels: Self.channels) > 1e-3)
    }

    @Test("the output is over the layer's output space", arguments: SampleLayer.allCases, SampleSpace.all)
    func fillsOutputSpace(sample: SampleLayer, space: SampleSpace) {
        var random = RandomSource(seed: 1)
        let layer = sample(over: FeatureSpace(space.space, channels: Self.channels))
        #expect(layer(space.feature(channels: Self.channels, using: &random)).space == layer.outputSpace)
    }

    @Test("dropout with a given mask is equivariant, and drops", arguments: SampleSpace.all)
    func dropoutIsEquivariant(space: SampleSpace) {
        let dropout = ChannelDropout(rate: 0.5)
        func masked(_ feature: Feature) -> Feature {
            var source: RandomSource? = RandomSource(seed: 5)
            return dropout(feature, using: &source)
        }
        expectEquivariant(masked, on: space, channels: Self.channels)
        var random = RandomSource(seed: 2)
        let feature = space.feature(channels: Self.channels, using: &random)
        var (dropped, kept) = (0, 0)
        for (before, after) in zip(feature.blocks, masked(feature).blocks) {
            let ratios: [Double] = (after / before).elements()
            dropped += ratios.count { $0 == 0 }
            kept += ratios.count { abs($0 - 2) < 1e-12 }
        }
        #expect(dropped > 0 && kept > 0)
        #expect(dropped + kept == feature.blocks.reduce(0) { $0 + $1.count })
    }

    @Test("dropout without a source changes nothing")
    func dropoutEvaluates() {
        var (random, none) = (RandomSource(seed: 2), RandomSource?.none)
        let feature = SampleSpace.all[0].feature(channels: Self.channels, using: &random)
        #expect(relativeError(ChannelDropout(rate: 0.9)(feature, using: &none), feature) == 0)
    }

    @Test("constants and variables have the same Fourier features", arguments: [1, 3, 8, 37, 128])
    func fourierFeaturesOfConstants(frequencies: Int) throws {
        var random = RandomSource(seed: 8)
        let space = FeatureSpace(try .mlp(widths: [2, 5, 3, 1]), channels: 2)
        let layer = FourierFeatures(space, .init(frequencies: frequencies, scale: 1), using: &random)
        let networks = Feature(
            space.blocks.map { .normal(shape: space.shape(of: $0, batch: 3), using: &random) }, over: space)
        for (found, expected) in zip(layer(networks).blocks, layer(networks.map(\.asVariable)).blocks) {
            expectClose(found, expected, relativeError: 1e-5)
        }
    }

    @Test("Fourier features keep the weights in front of sines and cosines, with angles of deviation 2π · scale")
    func fourierFeatures() throws {
        var random = RandomSource(seed: 4)
        let sample = try SampleSpace("MLP", .mlp(widths: [2, 3, 1]))
        let space = FeatureSpace(sample.space, channels: 1)
        let layer = FourierFeatures(space, .init(frequencies: 2000, scale: 3), using: &random).to(.float64)
        expectClose(layer.projection.squared.mean.item.squareRoot(), 6 * Double.pi, relativeError: 0.05)

        let feature = sample.feature(channels: 1, using: &random)
        let bias = feature.blocks[1]
        let lifted = layer(feature).blocks[1]
        let (sines, cosines) = (lifted.narrowed(-1, to: 1..<2001), lifted.narrowed(-1, to: 2001..<4001))
        expectClose(lifted.narrowed(-1, to: 0..<1), bias, relativeError: 0)
        expectClose(sines, sin(bias * layer.projection.reshaped([1, 1, -1])), relativeError: 1e-12)
        expectClose(sines.squared + cosines.squared, .ones(sines.shape, dtype: .float64), relativeError: 1e-12)
    }

    @Test("normalised inputs have mean zero and deviation one")
    func inputNormalizationFits() {
        var random = RandomSource(seed: 3)
        let feature = SampleSpace.all[0].feature(channels: 1, batch: 50, using: &random).map { $0 * 4 + 7 }
        var layer = InputNormalization(feature.space).to(.float64)
        layer.fit(to: feature)
        for block in layer(feature).blocks {
            #expect(abs(block.mean.item) < 1e-9)
            #expect(abs(block.squared.mean.item - 1) < 1e-9)
        }
    }

    @Test("normalised logarithmically, weights of any size are told apart and usual ones come out as one")
    func logarithmicNormalizationFits() throws {
        let space = FeatureSpace(try SampleSpace("MLP", .mlp(widths: [2, 3, 1])).space, channels: 1)
        func feature(_ sizes: [Double]) -> Feature {
            let sizes = Tensor(sizes)
            return Feature(
                space.blocks.map { block in
                    let ones = block.groups.map { _ in 1 } + [1]
                    return sizes.reshaped([sizes.count] + ones)
                        .expanded(space.shape(of: block, batch: sizes.count))
                }, over: space)
        }
        var layer = InputNormalization(space, .logarithmic).to(.float64)
        // The geometric mean of 2e-4, 2e-2 and -2 is 2e-2; zeros and what is not finite do not count.
        layer.fit(to: feature([2e-4, 2e-2, -2, 0, .infinity]))
        let expected = [2e-4, 2e-2, -2, 0].map { asinh(100 * $0 / 2e-2) / asinh(100) }
        for block in layer(feature([2e-4, 2e-2, -2, 0])).blocks {
            let first = block.reshaped([4, -1]).narrowed(1, to: 0..<1)
            expectClose(first, Tensor(expected).reshaped([4, 1]), relativeError: 1e-12)
        }
        #expect(abs(expected[1] - 1) < 1e-12 && abs(expected[0]) > 0.1 && expected[2] > -2)
    }

    @Test(
        "weights in a row come out as they do block by block",
        arguments: [InputNormalization.Form.standard, .logarithmic])
    func normalizesRows(form: InputNormalization.Form) {
        var random = RandomSource(seed: 4)
        let feature = SampleSpace.all[0].feature(channels: 1, batch: 5, using: &random).map { $0 * 4 + 7 }
        var layer = InputNormalization(feature.space, form).to(.float64)
        layer.fit(to: feature)
        func rows(_ blocks: [Tensor]) -> Tensor { concatenate(blocks.map { $0.reshaped([5, -1]) }, axis: 1) }
        let numbers = feature.blocks.enumerated().flatMap { number, block in
            [Int](repeating: number, count: block.count / 5)
        }
        expectClose(layer(rows(feature.blocks), of: numbers), rows(layer(feature).blocks), relativeError: 1e-14)
    }

    @Test("a feature over another space traps")
    func otherSpaceTraps() async throws {
        let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
            var random = RandomSource(seed: 1)
            let space = FeatureSpace(SampleSpace.all[0].space, channels: 2)
            let layer = EquivariantLinear(from: space, to: space, using: &random)
            _ = layer(SampleSpace.all[1].feature(channels: 2, using: &random))
        }
        #expect(try #require(result).standardErrorText.contains("expected a feature over the layer's input space"))
    }

    @Test("a dropout rate of one traps")
    func dropoutRateTraps() async throws {
        let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
            _ = ChannelDropout(rate: 1)
        }
        #expect(try #require(result).standardErrorText.contains("expected a rate in 0..<1, got 1.0"))
    }
}
