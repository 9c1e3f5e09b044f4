import TestSupport
import Testing
import Torch
import WeightSpaces

/// Factors leave the function of a network alone; that is what makes them its symmetry.
@Suite(.oneThread) struct ScalingElementTests {
    @Test("a network with random factors computes the same", arguments: SampleChain.all)
    func functionIsInvariant(chain: SampleChain) throws {
        var (network, random) = chain.network(seed: 1)
        let expected = chain.evaluate(network)
        #expect(expected.magnitude.sum.item > 0)
        for _ in 0..<5 {
            let element = ScalingElement.random(of: chain.structure, magnitudes: 0.01...100, using: &random)
            let scaled = try element.acting(on: network)
            #expect(scaled.relativeError(to: network) > 0.1)
            expectClose(chain.evaluate(scaled), expected, relativeError: 1e-10)
        }
    }

    @Test("factors on what neurons receive alone change the function", arguments: SampleChain.all)
    func noticesUncoupledFactors(chain: SampleChain) throws {
        let (network, _) = chain.network(seed: 2)
        for group in chain.structure.scalings.keys {
            let scaled = try ScalingElement.equal(in: group, of: chain.structure).acting(on: network)
            for (block, exponents) in zip(chain.space.blocks, chain.structure.exponents) {
                guard zip(block.groups, exponents).contains(where: { $0 == (group, -1) }) else { continue }
                var uncoupled = scaled
                uncoupled[block.parameter] = network[block.parameter]
                #expect(relativeError(chain.evaluate(uncoupled), chain.evaluate(network)) > 1e-3)
            }
        }
    }

    @Test("factors of the wrong kind change the function", arguments: SampleChain.all)
    func noticesWrongFactors(chain: SampleChain) throws {
        let (network, _) = chain.network(seed: 3)
        for (group, scaling) in chain.structure.scalings {
            let wrong = Tensor(
                repeating: scaling == .positive ? -1 : 2, shape: [1, chain.space.groups[group].size], dtype: .float64)
            let scaled = try ScalingElement([group: wrong], of: chain.structure).acting(on: network)
            #expect(relativeError(chain.evaluate(scaled), chain.evaluate(network)) > 1e-3)
        }
    }

    @Test("s⁻¹ · (s · U) = U and (s · t) · U = s · (t · U)", arguments: SampleChain.all)
    func isGroup(chain: SampleChain) throws {
        var (network, random) = chain.network(seed: 4)
        let (s, t) = (
            ScalingElement.random(of: chain.structure, using: &random),
            ScalingElement.random(of: chain.structure, using: &random)
        )
        #expect(try s.inverse.acting(on: s.acting(on: network)).relativeError(to: network) < 1e-14)
        let composed = try s.composed(with: t).acting(on: network)
        #expect(try composed.relativeError(to: s.acting(on: t.acting(on: network))) < 1e-14)
    }

    @Test("(s · U)[i, j] = aᵢ · U[i, j] / aⱼ, with factors of each network's own")
    func scalesEntries() throws {
        let structure = try ScalingStructure(of: .mlp(widths: [1, 2, 1, 1]), hiddenNeurons: .positive)
        let factors = [0: Tensor([2.0, 4, 1, 1], shape: [2, 2]), 1: Tensor([8.0, 3], shape: [2, 1])]
        let network = Dictionary(
            uniqueKeysWithValues: structure.space.blocks.map {
                ($0.parameter, Tensor.ones([2] + $0.shape, dtype: .float64))
            })
        let scaled = try ScalingElement(factors, of: structure).acting(on: network)
        #expect(scaled["0.weight"]?.elements() == [2.0, 4, 1, 1])
        #expect(scaled["0.bias"]?.elements() == [2.0, 4, 1, 1])
        #expect(scaled["1.weight"]?.elements() == [4.0, 2, 3, 3])
        #expect(scaled["1.bias"]?.elements() == [8.0, 3])
        #expect(scaled["2.weight"]?.elements() == [0.125, 1.0 / 3])
        #expect(scaled["2.bias"]?.elements() == [1.0, 1])
    }

    @Test("random factors are fair signs, or log-uniform in their range")
    func isRandom() throws {
        let space = try WeightSpace.mlp(widths: [1, 1000, 1000, 1])
        let structure = try ScalingStructure(of: space, scalings: [0: .sign, 1: .positive])
        var random = RandomSource(seed: 5)
        let element = ScalingElement.random(of: structure, networks: 4, magnitudes: 0.1...10, using: &random)
        let (signs, magnitudes) = (try #require(element.factors[0]), try #require(element.factors[1]))
        #expect(signs.shape == [4, 1000] && magnitudes.shape == [4, 1000])
        #expect(Set(signs.elements(as: Double.self)) == [-1, 1])
        #expect(abs(signs.mean.item) < 0.05)
        #expect(magnitudes.elements(as: Double.self).allSatisfy { (0.1...10).contains($0) })
        let logarithms = log(magnitudes)
        #expect(abs(logarithms.mean.item) < 0.1)
        expectClose(logarithms.squared.mean.item, 1.767, relativeError: 0.05)
    }

    @Test("a network that lacks a parameter, or networks of different numbers, are refused")
    func refusesOtherNetworks() throws {
        let structure = try ScalingStructure(of: .mlp(widths: [2, 3, 1]), hiddenNeurons: .sign)
        var (random, networks) = (RandomSource(seed: 6), [String: Tensor]())
        let element = ScalingElement.random(of: structure, using: &random)
        #expect(throws: WeightSpaceError.missingParameter("0.weight", found: [])) {
            try element.acting(on: networks)
        }
        networks = .random(of: structure.space, using: &random)
        networks["0.bias"] = .ones([4, 3], dtype: .float64)
        #expect(throws: WeightSpaceError.shape("0.bias", expected: [3], found: [4, 3])) {
            try ScalingElement(canonicalizing: networks, in: structure)
        }
    }

    @Test("factors of another number of networks trap")
    func otherBatchTraps() async throws {
        let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
            let structure = try ScalingStructure(of: .mlp(widths: [2, 3, 1]), hiddenNeurons: .sign)
            var random = RandomSource(seed: 7)
            let network = [String: Tensor].random(of: structure.space, using: &random)
            _ = try ScalingElement.random(of: structure, networks: 3, using: &random).acting(on: network)
        }
        #expect(try #require(result).standardErrorText.contains("expected factors of 1 networks, got those of 3"))
    }
}
