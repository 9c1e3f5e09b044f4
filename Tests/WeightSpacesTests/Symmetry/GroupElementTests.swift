import TestSupport
import Testing
import Torch
import WeightSpaces

@Suite(.oneThread) struct GroupElementTests {
    /// Two random elements and a random network.
    private func sampled(_ sample: SampleSpace) -> (GroupElement, GroupElement, [String: Tensor]) {
        var random = RandomSource(seed: 1)
        let first = GroupElement.random(of: sample.space.groups, using: &random)
        let second = GroupElement.random(of: sample.space.groups, using: &random)
        return (first, second, .random(of: sample.space, using: &random))
    }

    private func expectEqual(_ a: [String: Tensor], _ b: [String: Tensor]) throws {
        #expect(a.count == b.count)
        for (name, tensor) in a { expectClose(tensor, try #require(b[name]), relativeError: 0, "\(name)") }
    }

    @Test("(g · h) · U = g · (h · U)", arguments: SampleSpace.all)
    func composes(sample: SampleSpace) throws {
        let (g, h, network) = sampled(sample)
        try expectEqual(
            g.composed(with: h).acting(on: network, in: sample.space),
            g.acting(on: h.acting(on: network, in: sample.space), in: sample.space))
    }

    @Test("g⁻¹ · (g · U) = U", arguments: SampleSpace.all)
    func inverts(sample: SampleSpace) throws {
        let (g, _, network) = sampled(sample)
        try expectEqual(g.inverse.acting(on: g.acting(on: network, in: sample.space), in: sample.space), network)
    }

    @Test("the identity moves nothing", arguments: SampleSpace.all)
    func identity(sample: SampleSpace) throws {
        let (_, _, network) = sampled(sample)
        try expectEqual(
            GroupElement.identity(of: sample.space.groups).acting(on: network, in: sample.space), network)
    }

    @Test("(g · U)[π(i), σ(j)] = U[i, j]")
    func movesEntries() throws {
        let space = try WeightSpace(
            groups: [PermutationGroup("a", size: 3), PermutationGroup("b", size: 2)],
            blocks: [Block(parameter: "w", shape: [3, 2], axes: [.permuted(0), .permuted(1)])])
        let element = GroupElement([Permutation([1, 2, 0]), Permutation([1, 0])])
        let moved = try element.acting(on: ["w": Tensor([0.0, 1, 2, 3, 4, 5], shape: [3, 2])], in: space)
        #expect(moved["w"]?.elements() == [5.0, 4, 1, 0, 3, 2])
    }

    @Test("batch axes stand in front and stay")
    func keepsBatch() throws {
        let space = try WeightSpace.mlp(widths: [2, 4, 1])
        var random = RandomSource(seed: 2)
        let element = GroupElement.random(of: space.groups, using: &random)
        let networks = (0..<3).map { _ in [String: Tensor].random(of: space, using: &random) }
        var batch: [String: Tensor] = [:]
        for name in networks[0].keys { batch[name] = stack(networks.compactMap { $0[name] }) }
        let moved = try element.acting(on: batch, in: space)
        for (index, network) in networks.enumerated() {
            try expectEqual(
                moved.mapValues { $0.narrowed(0, to: index..<index + 1).reshaped(Array($0.shape.dropFirst())) },
                element.acting(on: network, in: space))
        }
    }

    @Test("ordered neurons stay where they are told to")
    func keepsOrdered() throws {
        let groups = try WeightSpace.mlp(widths: [9, 9, 9], symmetry: .allNeurons).groups
        var random = RandomSource(seed: 3)
        let still = GroupElement.random(of: groups, movingOrdered: false, using: &random)
        let moving = GroupElement.random(of: groups, using: &random)
        for (group, (kept, moved)) in zip(groups, zip(still.permutations, moving.permutations)) {
            #expect((kept == .identity(9)) == group.isOrdered)
            #expect(moved != .identity(9))
        }
    }

    @Test("a network that lacks a parameter is refused")
    func refusesOtherNetwork() throws {
        let space = try WeightSpace.mlp(widths: [2, 3, 1])
        let element = GroupElement.identity(of: space.groups)
        #expect(throws: WeightSpaceError.missingParameter("0.weight", found: ["x"])) {
            try element.acting(on: ["x": .ones([3, 2])], in: space)
        }
        #expect(throws: WeightSpaceError.shape("0.weight", expected: [3, 2], found: [2, 3])) {
            try element.acting(on: ["0.weight": .ones([2, 3])], in: space)
        }
    }
}
