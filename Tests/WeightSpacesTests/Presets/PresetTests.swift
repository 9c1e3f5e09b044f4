import Testing
import WeightSpaces

@Suite struct PresetTests {
    private func shapes(_ space: WeightSpace) -> [String: [Int]] {
        Dictionary(uniqueKeysWithValues: space.blocks.map { ($0.parameter, $0.shape) })
    }

    @Test("an MLP has a group per hidden layer, inputs and outputs are fixed")
    func mlp() throws {
        let space = try WeightSpace.mlp(widths: [2, 5, 4, 3])
        #expect(space.groups == [PermutationGroup("0", size: 5), PermutationGroup("1", size: 4)])
        #expect(
            space.blocks == [
                Block(parameter: "0.weight", shape: [5, 2], axes: [.permuted(0), .fixed(2)]),
                Block(parameter: "0.bias", shape: [5], axes: [.permuted(0)]),
                Block(parameter: "1.weight", shape: [4, 5], axes: [.permuted(1), .permuted(0)]),
                Block(parameter: "1.bias", shape: [4], axes: [.permuted(1)]),
                Block(parameter: "2.weight", shape: [3, 4], axes: [.fixed(3), .permuted(1)]),
                Block(parameter: "2.bias", shape: [3], axes: [.fixed(3)]),
            ])
        #expect(space.parameterCount == 2 * 5 + 5 + 5 * 4 + 4 + 4 * 3 + 3)
    }

    @Test("with all neurons permuted, inputs and outputs are ordered groups")
    func mlpWithAllNeurons() throws {
        let space = try WeightSpace.mlp(widths: [2, 5, 3], symmetry: .allNeurons)
        #expect(space.groups.map(\.size) == [2, 5, 3])
        #expect(space.groups.map(\.isOrdered) == [true, false, true])
        #expect(space.blocks.map(\.groups) == [[1, 0], [1], [2, 1], [2]])
        #expect(space.blocks.allSatisfy { $0.fixedCount == 1 })
    }

    @Test("layers may be named and may lack biases")
    func namedLayers() throws {
        let space = try WeightSpace.mlp(widths: [2, 5, 3], hasBiases: false, names: ["in", "out"])
        #expect(shapes(space) == ["in.weight": [5, 2], "out.weight": [3, 5]])
    }

    @Test("a CNN has kernels as fixed axes and pools before its dense layers")
    func cnn() throws {
        let space = try WeightSpace.cnn(channels: [3, 8, 6], kernels: [[3, 2], [1, 5]], dense: [7, 10])
        #expect(space.groups.map(\.size) == [8, 6, 7])
        #expect(
            shapes(space) == [
                "0.weight": [8, 3, 3, 2], "0.bias": [8], "1.weight": [6, 8, 1, 5], "1.bias": [6],
                "2.weight": [7, 6], "2.bias": [7], "3.weight": [10, 7], "3.bias": [10],
            ])
        #expect(space.blocks[2].axes == [.permuted(1), .permuted(0), .fixed(1), .fixed(5)])
    }

    @Test("after a flatten the first dense layer reads channel, then position")
    func flattenedCNN() throws {
        let space = try WeightSpace.cnn(
            channels: [1, 4], kernels: [[3, 3]], dense: [5, 2], readout: .flatten(positions: 9))
        #expect(space.blocks[2].shape == [5, 36])
        #expect(space.blocks[2].axes == [.permuted(1), .permuted(0), .fixed(9)])
        #expect(space.blocks[4].axes == [.fixed(2), .permuted(1)])
    }

    @Test("a recurrent network's hidden matrix has its group twice")
    func rnn() throws {
        let space = try WeightSpace.rnn(inputs: 2, hidden: 4, outputs: 3)
        #expect(space.blocks.map(\.groups) == [[0], [0, 0], [0], [0], [0], []])
        #expect(space.blocks.map(\.shape) == [[4, 2], [4, 4], [4], [4], [3, 4], [3]])
    }

    @Test("counts that do not fit each other trap")
    func traps() async {
        await #expect(processExitsWith: .failure) { _ = try WeightSpace.mlp(widths: [3]) }
        await #expect(processExitsWith: .failure) {
            _ = try WeightSpace.cnn(channels: [1, 4], kernels: [], dense: [2])
        }
    }
}
