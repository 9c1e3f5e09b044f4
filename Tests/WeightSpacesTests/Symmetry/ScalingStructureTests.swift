import TestSupport
import Testing
import WeightSpaces

@Suite struct ScalingStructureTests {
    @Test("a layer writes its first axis and reads its second; biases are written")
    func exponentsOfMLP() throws {
        let structure = try ScalingStructure(of: .mlp(widths: [2, 5, 4, 3]), hiddenNeurons: .sign)
        #expect(structure.exponents == [[1], [1], [1, -1], [1], [-1], []])
        #expect(structure.scalings == [0: .sign, 1: .sign])
    }

    @Test("ordered inputs and outputs carry no factor")
    func exponentsOfAllNeurons() throws {
        let space = try WeightSpace.mlp(widths: [2, 5, 3], symmetry: .allNeurons)
        let structure = try ScalingStructure(of: space, hiddenNeurons: .positive)
        #expect(structure.exponents == [[1, 0], [1], [0, -1], [0]])
        #expect(structure.scalings.keys.map { space.groups[$0].name } == ["0"])
    }

    @Test("kernels and flattened positions stay as they are")
    func exponentsOfCNN() throws {
        let space = try WeightSpace.cnn(
            channels: [1, 3, 2], kernels: [[2, 2], [3, 3]], dense: [2], readout: .flatten(positions: 6))
        let structure = try ScalingStructure(of: space, hiddenNeurons: .positive)
        #expect(structure.exponents == [[1], [1], [1, -1], [1], [-1], []])
    }

    @Test("biases may stand before their matrices, as in files sorted by name")
    func sortedNames() throws {
        let mlp = try WeightSpace.mlp(widths: [2, 5, 4, 3])
        let space = try WeightSpace(groups: mlp.groups, blocks: mlp.blocks.sorted { $0.parameter < $1.parameter })
        let structure = try ScalingStructure(of: space, hiddenNeurons: .sign)
        #expect(structure.exponents == [[1], [1], [1], [1, -1], [], [-1]])
    }

    private func expectRefusal(
        _ error: ScalingError, of groups: [PermutationGroup], _ blocks: [Block],
        at location: SourceLocation = #_sourceLocation
    ) throws {
        let space = try WeightSpace(groups: groups, blocks: blocks)
        #expect(throws: error, sourceLocation: location) { try ScalingStructure(of: space, hiddenNeurons: .positive) }
        #expect(!error.description.contains("\n"), sourceLocation: location)
    }

    private func matrix(_ name: String, _ shape: [Int], _ axes: [Axis]) -> Block {
        Block(parameter: name, shape: shape, axes: axes)
    }

    @Test("a recurrent matrix is refused by name")
    func recurrence() throws {
        let space = try WeightSpace.rnn(inputs: 2, hidden: 4, outputs: 3)
        #expect(throws: ScalingError.repeatedLabel("weight_hh_l0", group: "hidden")) {
            try ScalingStructure(of: space, hiddenNeurons: .sign)
        }
        #expect(
            ScalingError.repeatedLabel("weight_hh_l0", group: "hidden").description
                == "'weight_hh_l0' has several axes of 'hidden', so its layers are no chain; "
                + "leave 'hidden' without a factor")
    }

    @Test("a residual stream is refused, but the groups inside its blocks may carry factors")
    func skipConnection() throws {
        let (stream, inner) = (Axis.permuted(0), Axis.permuted(1))
        let groups = [PermutationGroup("stream", size: 3), PermutationGroup("inner", size: 4)]
        let blocks = [
            matrix("stem.weight", [3, 2], [stream, .fixed(2)]), matrix("a.weight", [4, 3], [inner, stream]),
            matrix("b.weight", [3, 4], [stream, inner]), matrix("head.weight", [2, 3], [.fixed(2), stream]),
        ]
        try expectRefusal(
            .severalWriters(group: "stream", blocks: ["stem.weight", "b.weight"]), of: groups, blocks)
        let space = try WeightSpace(groups: groups, blocks: blocks)
        let structure = try ScalingStructure(of: space, scalings: [1: .positive])
        #expect(structure.exponents == [[0], [1, 0], [0, -1], [0]])
    }

    @Test("normalisations and second biases are refused")
    func normalization() throws {
        let group = [PermutationGroup("conv", size: 3)]
        let neurons = Axis.permuted(0)
        let chain = [
            matrix("conv.weight", [3, 2], [neurons, .fixed(2)]), matrix("conv.bias", [3], [neurons]),
            matrix("head.weight", [2, 3], [.fixed(2), neurons]),
        ]
        for name in ["bn.weight", "bn.bias", "bn.running_var"] {
            try expectRefusal(.notABias(name, group: "conv"), of: group, chain + [matrix(name, [3], [neurons])])
        }
        try expectRefusal(
            .notABias("bn.weight", group: "conv"), of: group,
            [chain[0], matrix("bn.weight", [3], [neurons]), matrix("bn.bias", [3], [neurons]), chain[2]])
    }

    @Test("matrices stored with inputs first, or out of order, are refused")
    func order() throws {
        let groups = [PermutationGroup("first", size: 3), PermutationGroup("second", size: 4)]
        let (first, second) = (Axis.permuted(0), Axis.permuted(1))
        try expectRefusal(
            .readFirst("0.kernel", group: "first"), of: groups,
            [
                matrix("0.kernel", [2, 3], [.fixed(2), first]), matrix("1.kernel", [3, 4], [first, second]),
                matrix("2.kernel", [4, 1], [second, .fixed(1)]),
            ])
        let mlp = try WeightSpace.mlp(widths: [2, 5, 4, 3])
        try expectRefusal(.readFirst("2.weight", group: "1"), of: mlp.groups, mlp.blocks.reversed())
    }

    @Test("a group on a part of an axis is refused")
    func sharedAxes() throws {
        let groups = [PermutationGroup("heads", size: 2), PermutationGroup("dimensions", size: 3)]
        let (heads, dimensions) = (Axis.permuted(0), Axis.permuted(1))
        let (values, output) = (
            matrix("values", [6, 4], [heads, dimensions, .fixed(4)]),
            matrix("output", [4, 6], [.fixed(4), heads, dimensions])
        )
        try expectRefusal(.sharedAxis("values", group: "heads"), of: groups, [values, output])
        try expectRefusal(.sharedAxis("output", group: "dimensions"), of: groups, [output])
    }

    @Test("neurons that no matrix writes or reads are refused")
    func looseEnds() throws {
        let group = [PermutationGroup("h", size: 3)]
        let neurons = Axis.permuted(0)
        try expectRefusal(.neverWritten(group: "h"), of: group, [matrix("0.bias", [3], [neurons])])
        try expectRefusal(.neverRead(group: "h"), of: group, [matrix("0.weight", [3, 2], [neurons, .fixed(2)])])
        let space = try WeightSpace.mlp(widths: [2, 3, 1], symmetry: .allNeurons)
        #expect(throws: ScalingError.readFirst("0.weight", group: "input")) {
            try ScalingStructure(of: space, scalings: [0: .sign, 1: .sign])
        }
    }
}
