import TestSupport
import Testing
import Torch
import WeightSpaces

@Suite(.oneThread) struct CanonicalFormTests {
    private func canonical(_ network: [String: Tensor], of chain: SampleChain) throws -> [String: Tensor] {
        try ScalingElement(canonicalizing: network, in: chain.structure).acting(on: network)
    }

    @Test("c(s · U) = c(U)", arguments: SampleChain.all)
    func isInvariant(chain: SampleChain) throws {
        var (network, random) = chain.network(seed: 1)
        let expected = try canonical(network, of: chain)
        for _ in 0..<5 {
            let element = ScalingElement.random(of: chain.structure, magnitudes: 0.01...100, using: &random)
            let scaled = try element.acting(on: network)
            #expect(scaled.relativeError(to: network) > 0.1)
            #expect(try canonical(scaled, of: chain).relativeError(to: expected) <= 1e-10)
        }
    }

    @Test("other weights have another form: the sign or the size of one weight alone", arguments: SampleChain.all)
    func tellsNetworksApart(chain: SampleChain) throws {
        let (network, _) = chain.network(seed: 2)
        let expected = try canonical(network, of: chain)
        for name in network.keys {
            for factor in [-1.0, 2] {
                var changed = network
                changed[name] = network[name].map { weights in
                    let flat = weights.reshaped([-1])
                    return concatenate(
                        [flat.narrowed(0, to: 0..<1) * factor, flat.narrowed(0, to: 1..<flat.count)], axis: 0
                    ).reshaped(weights.shape)
                }
                #expect(try canonical(changed, of: chain).relativeError(to: expected) > 1e-3)
            }
        }
    }

    @Test("c(U) computes what U does, and c(c(U)) = c(U)", arguments: SampleChain.all)
    func computesTheSame(chain: SampleChain) throws {
        for seed in 3..<6 {
            let (network, _) = chain.network(seed: UInt64(seed))
            let form = try canonical(network, of: chain)
            expectClose(chain.evaluate(form), chain.evaluate(network), relativeError: 1e-10)
            #expect(try canonical(form, of: chain).relativeError(to: form) <= 1e-10)
        }
    }

    @Test("c(g · U) = g · c(U)", arguments: SampleChain.all)
    func commutesWithPermutations(chain: SampleChain) throws {
        var (network, random) = chain.network(seed: 7)
        for _ in 0..<5 {
            let element = GroupElement.random(of: chain.space.groups, using: &random)
            let moved = try canonical(element.acting(on: network, in: chain.space), of: chain)
            let expected = try element.acting(on: canonical(network, of: chain), in: chain.space)
            #expect(moved.relativeError(to: expected) <= 1e-10)
        }
    }

    @Test("each network of a batch gets its own form", arguments: SampleChain.all)
    func isBatched(chain: SampleChain) throws {
        let networks = (8..<11).map { chain.network(seed: $0).network }
        var batch: [String: Tensor] = [:]
        for name in networks[0].keys { batch[name] = stack(networks.compactMap { $0[name] }) }
        let forms = try canonical(batch, of: chain)
        for (index, network) in networks.enumerated() {
            let form = forms.mapValues { $0.narrowed(0, to: index..<index + 1).reshaped(Array($0.shape.dropFirst())) }
            #expect(try form.relativeError(to: canonical(network, of: chain)) <= 1e-14)
        }
    }

    @Test("incoming weights and bias have norm 1; the last layer's weights take the rest")
    func norms() throws {
        let chain = try #require(SampleChain.all.first { $0.testDescription == "ReLU MLP 3-6-5-2" })
        let form = try canonical(chain.network(seed: 11).network, of: chain)
        for layer in 0..<2 {
            let weight = try #require(form["\(layer).weight"])
            let bias = try #require(form["\(layer).bias"])
            expectClose(
                weight.squared.sum([1]) + bias.squared, .ones([weight.size(0)], dtype: .float64),
                relativeError: 1e-12)
        }
    }

    @Test("neurons without incoming weights stay, and nothing becomes NaN", arguments: SampleChain.all)
    func deadNeurons(chain: SampleChain) throws {
        let (network, _) = chain.network(seed: 12)
        let first = chain.space.blocks[0].parameter
        var dead = network.mapValues { $0.to(.float32) }
        for name in [first, "0.bias"] {
            dead[name] = dead[name].map { weights in
                let rest = weights.narrowed(0, to: 1..<weights.size(0))
                return concatenate([weights.narrowed(0, to: 0..<1) * 0, rest], axis: 0)
            }
        }
        let element = try ScalingElement(canonicalizing: dead, in: chain.structure)
        let group = try #require(chain.space.blocks[0].groups.first)
        #expect(element.factors[group]?.narrowed(1, to: 0..<1).item == 1)
        let form = try element.acting(on: dead)
        #expect(form.values.allSatisfy { $0.isFinite && $0.dtype == .float32 })
        expectClose(
            chain.evaluate(form.mapValues { $0.to(.float64) }), chain.evaluate(dead.mapValues { $0.to(.float64) }),
            relativeError: 1e-4)
    }

    @Test("an odd function that vanishes up to rounding leaves the sign")
    func vanishingStatistic() throws {
        let structure = try ScalingStructure(of: .mlp(widths: [1, 2, 1], hasBiases: false), hiddenNeurons: .sign)
        for sign in [1.0, -1] {
            let network = [
                "0.weight": Tensor([1, sign * 1e-18], shape: [2, 1]), "1.weight": Tensor([1.0, 1], shape: [1, 2]),
            ]
            let element = try ScalingElement(canonicalizing: network, in: structure)
            #expect(element.factors[0]?.elements() == [1.0, 1])
        }
    }
}
