import TestSupport
import Testing
import Torch

@testable import WeightSpaces

@Suite("Alignment", .oneThread)
struct AlignmentTests {
    @Test("a permutation is found again, however large the weights", arguments: [1, 1e-30, 1e30, 3e38 / 8])
    func large(scale: Double) throws {
        let space = try WeightSpace.mlp(widths: [5, 8, 7, 3])
        var random = RandomSource(seed: 1)
        var network: [String: Tensor] = [:]
        for block in space.blocks {
            network[block.parameter] = .uniform(-1...1, shape: block.shape, using: &random) * scale
        }
        let element = GroupElement.random(of: space.groups, using: &random)
        let moved = try element.acting(on: network, in: space)
        let alignment = try Alignment(of: network, to: moved, in: space)
        let found = try alignment.element.acting(on: network, in: space)
        #expect(found.allSatisfy { $1.isEqual(to: moved[$0]!) })
    }
}
