import NeuralFunctionals
import TestSupport
import Testing
import WeightSpaces

@Suite struct EquivariantBasisTests {
    /// Spaces whose groups have at least as many neurons as two blocks have axes with their label.
    static let wideEnough: [SampleSpace] = {
        do {
            return try [
                SampleSpace("MLP 2-2", .mlp(widths: [2, 2])),
                SampleSpace("MLP 3-4-2", .mlp(widths: [3, 4, 2])),
                SampleSpace("MLP 2-5-4-3", .mlp(widths: [2, 5, 4, 3])),
                SampleSpace("MLP 2-2-2-2-2", .mlp(widths: [2, 2, 2, 2, 2])),
                SampleSpace("MLP 2-5-4-3, all neurons", .mlp(widths: [2, 5, 4, 3], symmetry: .allNeurons)),
                SampleSpace("MLP 3-2, all neurons", .mlp(widths: [3, 2], symmetry: .allNeurons)),
                SampleSpace("MLP 2-4-3-2, no biases", .mlp(widths: [2, 4, 3, 2], hasBiases: false)),
                SampleSpace(
                    "CNN, global pooling", .cnn(channels: [1, 2, 3], kernels: [[2, 2], [1, 2]], dense: [2])),
                SampleSpace(
                    "CNN, flatten",
                    .cnn(channels: [1, 2], kernels: [[2, 2]], dense: [3, 2], readout: .flatten(positions: 4))),
                SampleSpace(
                    "CNN, all neurons",
                    .cnn(channels: [2, 3, 2], kernels: [[3], [2]], dense: [3], symmetry: .allNeurons)),
                SampleSpace("RNN, repeated label", .rnn(inputs: 2, hidden: 4, outputs: 2)),
                SampleSpace(
                    "threefold label",
                    WeightSpace(
                        groups: [PermutationGroup("h", size: 6)],
                        blocks: [
                            Block(
                                parameter: "cube", shape: [6, 6, 6], axes: [.permuted(0), .permuted(0), .permuted(0)]),
                            Block(parameter: "vector", shape: [6], axes: [.permuted(0)]),
                        ])),
                SampleSpace(
                    "labels in both orders",
                    WeightSpace(
                        groups: [PermutationGroup("a", size: 4), PermutationGroup("b", size: 4)],
                        blocks: [
                            Block(parameter: "ab", shape: [4, 4], axes: [.permuted(0), .permuted(1)]),
                            Block(parameter: "ba", shape: [4, 4], axes: [.permuted(1), .permuted(0)]),
                            Block(
                                parameter: "bab", shape: [4, 4, 4], axes: [.permuted(1), .permuted(0), .permuted(1)]),
                        ])),
            ]
        } catch {
            preconditionFailure("\(error)")
        }
    }()

    @Test("the basis has one map per orbit of the group on pairs of weights", arguments: wideEnough)
    func isComplete(sample: SampleSpace) {
        let space = FeatureSpace(sample.space, channels: 1)
        #expect(EquivariantBasis(from: space, to: space).count == orbitCount(onPairsOf: sample.space))
    }

    @Test("the number of matrix products grows linearly with the number of blocks")
    func productsGrowLinearly() throws {
        let products = try [4, 8, 16].map { depth in
            let space = FeatureSpace(try .mlp(widths: .init(repeating: 3, count: depth + 2)), channels: 1)
            return EquivariantBasis(from: space, to: space).mixings.count
        }
        // One per inner weight, one per group, one for scalars.
        #expect(products == [4, 8, 16].map { 2 * $0 })
    }
}
