import NeuralFunctionals
import TestSupport
import Testing
import Torch
import WeightSpaces

/// Functionals over networks of many blocks.
@Suite(.oneThread) struct DeepSpaceTests {
    /// How parameters are kept few.
    enum Economy: String, CaseIterable, CustomTestStringConvertible {
        case none, bottleneck, roles, both

        var testDescription: String { rawValue }

        func trunk(_ space: WeightSpace, activation: Activation = .gelu) -> FunctionalConfiguration {
            FunctionalConfiguration(
                space: space, fourier: nil, positional: .init(bands: 2), depth: 2, channels: 3,
                block: .init(activation: activation),
                bottleneck: self == .bottleneck || self == .both ? .init(rank: 4, views: 6) : nil,
                sharesRoles: self == .roles || self == .both)
        }

        func invariant(_ space: WeightSpace) -> InvariantFunctional {
            var random = RandomSource(seed: 31)
            return InvariantFunctional(.init(trunk: trunk(space), headWidths: [5], outputs: 2), using: &random)
        }

        func equivariant(_ space: WeightSpace) -> EquivariantFunctional {
            var random = RandomSource(seed: 32)
            return EquivariantFunctional(.init(trunk: trunk(space), initialScale: 0.5), using: &random)
        }
    }

    /// Forty blocks and more; in the last the vocabulary is an ordered group.
    static let deep: [SampleSpace] = {
        do {
            let decoder = try SampleSpace.decoder(depth: 3, tokens: 9)
            return [
                try .residual(depth: 4), decoder,
                SampleSpace("\(decoder.name), tokens shared", try decoder.space.sharingFixedAxes(longerThan: 8)),
            ]
        } catch {
            preconditionFailure("\(error)")
        }
    }()

    @Test("the spaces have forty blocks and more") func areDeep() {
        #expect(Self.deep.allSatisfy { $0.space.blocks.count >= 40 })
    }

    @Test("invariant: f(g · U) = f(U)", arguments: deep, Economy.allCases)
    func isInvariant(sample: SampleSpace, economy: Economy) {
        var random = RandomSource(seed: 1)
        let model = economy.invariant(sample.space).to(.float64)
        let networks = sample.feature(channels: 1, using: &random)
        let element = GroupElement.random(of: sample.space.groups, movingOrdered: false, using: &random)
        expectClose(model(element.acting(on: networks)), model(networks), relativeError: 1e-10)
        #expect(relativeError(model(sample.withUncoupledPermutation(networks)), model(networks)) > 1e-3)
    }

    @Test("equivariant: f(g · U) = g · f(U)", arguments: deep, Economy.allCases)
    func isEquivariant(sample: SampleSpace, economy: Economy) {
        var random = RandomSource(seed: 2)
        let model = economy.equivariant(sample.space).to(.float64)
        expectEquivariant({ model($0) }, on: sample, channels: 1, movingOrdered: false)
        // The negative control: one block alone is rotated, and rotated back.
        let networks = sample.feature(channels: 1, using: &random)
        let (moved, expected) = (model(sample.withUncoupledPermutation(networks)), model(networks))
        #expect(relativeError(moved, sample.withUncoupledPermutation(expected)) > 1e-3)
    }

    @Test("gradients for networks and parameters are central differences", arguments: deep, Economy.allCases)
    func gradientsMatch(sample: SampleSpace, economy: Economy) {
        var random = RandomSource(seed: 3)
        let model = economy.equivariant(sample.space).to(.float64)
        let networks = sample.feature(channels: 1, batch: 1, using: &random)
        let cotangent = sample.feature(channels: 1, batch: 1, using: &random)
        let shapes = networks.blocks.map(\.shape) + model.parameters.map(\.value.shape)
        let all = concatenate(
            (networks.blocks + model.parameters.map(\.value)).map { $0.reshaped([-1]) }, axis: 0)
        // Random directions of unit length, over all inputs at once.
        expectGradientsMatchCentralDifferences(
            of: { offset in
                let point = all + offset[0] / Double(all.count).squareRoot()
                var start = 0
                let tensors = shapes.map { shape in
                    let count = shape.reduce(1, *)
                    defer { start += count }
                    return point.narrowed(0, to: start..<start + count).reshaped(shape)
                }
                var model = model
                model.setParameters(Array(tensors.dropFirst(networks.blocks.count)))
                let edited = model(Feature(Array(tensors.prefix(networks.blocks.count)), over: networks.space))
                let products = zip(edited.blocks, cotangent.blocks).map { ($0 * $1).sum }
                return products.dropFirst().reduce(products[0], +)
            }, at: [all * 0], relativeError: 1e-6)
    }

    @Test("every parameter is used", arguments: deep, Economy.allCases)
    func usesParameters(sample: SampleSpace, economy: Economy) {
        var random = RandomSource(seed: 4)
        let model = economy.invariant(sample.space).to(.float64)
        let networks = sample.feature(channels: 1, batch: 3, using: &random)
        let (_, gradients) = valueWithGradients(of: model) { $0(networks).squared.sum }
        for (parameter, gradient) in zip(model.parameters, gradients) {
            #expect(gradient.magnitude.sum.item > 0, "\(parameter.name)")
        }
    }

    @Test("each layer adds equally many parameters through a bottleneck, none with roles, and ever more without either")
    func growth() throws {
        func counts(_ economy: Economy, _ space: (Int) throws -> SampleSpace) throws -> [[Int]] {
            let spaces = try [4, 8, 16].map { try space($0).space }
            return [
                spaces.map { economy.invariant($0).parameterCount },
                spaces.map { economy.equivariant($0).parameterCount },
            ]
        }
        for space in [{ try SampleSpace.residual(depth: $0) }, { try SampleSpace.decoder(depth: $0) }] {
            for count in try counts(.bottleneck, space) { #expect(count[2] - count[1] == 2 * (count[1] - count[0])) }
            for economy in [Economy.roles, .both] {
                for count in try counts(economy, space) { #expect(Set(count).count == 1, "\(count)") }
            }
            for count in try counts(.none, space) { #expect(count[2] - count[1] > 3 * (count[1] - count[0])) }
        }
    }

    @Test("with shared roles, layers that trade places on the residual stream trade outputs")
    func exchangesRepetitions() throws {
        let sample = try SampleSpace.decoder(depth: 3)
        func exchanged(_ feature: Feature) -> Feature {
            let names = sample.space.blocks.map(\.name)
            return Feature(
                names.map { name in
                    let other =
                        name.hasPrefix("h.0.")
                        ? "h.2." + name.dropFirst(4) : name.hasPrefix("h.2.") ? "h.0." + name.dropFirst(4) : name
                    return feature.blocks[names.firstIndex(of: other) ?? 0]
                }, over: feature.space)
        }
        var random = RandomSource(seed: 5)
        let networks = sample.feature(channels: 1, using: &random)
        for economy in Economy.allCases {
            let model = economy.equivariant(sample.space).to(.float64)
            let error = relativeError(model(exchanged(networks)), exchanged(model(networks)))
            #expect(economy == .roles || economy == .both ? error < 1e-10 : error > 1e-3, "\(economy)")
        }
    }

    @Test("the number of positions along shared fixed axes does not change the number of parameters")
    func sharesFixedAxes() throws {
        func count(tokens: Int, isShared: Bool) throws -> Int {
            let space = try SampleSpace.decoder(depth: 1, tokens: tokens).space
            return Economy.bottleneck.equivariant(isShared ? try space.sharingFixedAxes(longerThan: 8) : space)
                .parameterCount
        }
        #expect(try count(tokens: 9, isShared: true) == count(tokens: 30, isShared: true))
        #expect(try count(tokens: 9, isShared: false) < count(tokens: 30, isShared: false))
    }

    @Test("configurations are stored with their economies")
    func storesConfiguration() throws {
        try withTemporaryFolder { folder in
            let url = folder.appending(path: "model.safetensors")
            let model = Economy.both.equivariant(Self.deep[1].space)
            try model.write(to: url)
            #expect(try EquivariantFunctional(contentsOf: url).configuration == model.configuration)
        }
    }
}
