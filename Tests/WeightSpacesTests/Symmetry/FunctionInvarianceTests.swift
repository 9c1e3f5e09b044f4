import TestSupport
import Testing
import Torch
import WeightSpaces

/// The group leaves the function of a network alone; that is what makes it the network's symmetry.
@Suite(.oneThread) struct FunctionInvarianceTests {
    /// Compares a network with a permuted one, and with one whose first rows were moved alone.
    private func expectInvariant(_ space: WeightSpace, _ evaluate: ([String: Tensor]) -> [Double]) throws {
        var random = RandomSource(seed: 4)
        let network = [String: Tensor].random(of: space, using: &random)
        let expected = Tensor(evaluate(network))
        #expect(expected.magnitude.sum.item > 0)
        for _ in 0..<5 {
            let element = GroupElement.random(of: space.groups, using: &random)
            let moved = try element.acting(on: network, in: space)
            expectClose(Tensor(evaluate(moved)), expected, relativeError: 1e-12)
        }
        var uncoupled = network
        let first = try #require(network[space.blocks[0].parameter])
        uncoupled[space.blocks[0].parameter] = first.gathered(0, at: (1..<first.size(0)) + [0])
        #expect(relativeError(Tensor(evaluate(uncoupled)), expected) > 1e-3)
    }

    @Test("a permuted MLP computes the same", arguments: [[2, 5, 3], [3, 6, 5, 4, 2]], [true, false])
    func mlp(widths: [Int], hasBiases: Bool) throws {
        try expectInvariant(.mlp(widths: widths, hasBiases: hasBiases)) { network in
            evaluateMLP(network, depth: widths.count - 1, at: (0..<widths[0]).map { 1 - 0.7 * Double($0) })
        }
    }

    @Test("a permuted recurrent network computes the same")
    func rnn() throws {
        try expectInvariant(.rnn(inputs: 2, hidden: 5, outputs: 3)) { network in
            evaluateRNN(network, at: [[1, -0.5], [0.3, 2], [-1, 0.1]])
        }
    }

    @Test("a permuted CNN with a flatten computes the same")
    func cnn() throws {
        let space = try WeightSpace.cnn(
            channels: [2, 4, 3], kernels: [[2], [3]], dense: [2], readout: .flatten(positions: 4))
        try expectInvariant(space) { network in
            evaluateFlattenedCNN(network, at: [[1, 2, -1, 0.5, 3, -2, 1], [0.2, -1, 1, 2, -0.4, 1, 1]])
        }
    }

    @Test("permuting inputs and outputs changes what an MLP computes")
    func orderedNeurons() throws {
        let space = try WeightSpace.mlp(widths: [3, 5, 2], symmetry: .allNeurons)
        var random = RandomSource(seed: 5)
        let network = [String: Tensor].random(of: space, using: &random)
        func output(_ network: [String: Tensor]) -> Tensor {
            Tensor(evaluateMLP(network, depth: 2, at: [1, -0.5, 2]))
        }
        let still = GroupElement.random(of: space.groups, movingOrdered: false, using: &random)
        expectClose(output(try still.acting(on: network, in: space)), output(network), relativeError: 1e-12)
        let reversed = GroupElement(space.groups.map { Permutation((0..<$0.size).reversed()) })
        #expect(relativeError(output(try reversed.acting(on: network, in: space)), output(network)) > 1e-3)
    }
}
