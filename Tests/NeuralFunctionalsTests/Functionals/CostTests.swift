import NeuralFunctionals
import TestSupport
import Testing
import Torch
import WeightSpaces

/// What a layer and a training step cost, counted instead of timed: whoever changes one of these figures should know why.
@Suite(.oneThread) struct CostTests {
    @Test(
        "products per layer: at most three per group and one per type of two axes or more", arguments: [6, 12, 24, 48])
    func productsAreFew(depth: Int) throws {
        let (layer, input) = try layer(depth: depth)
        let counts = OperationCounts.counting { withoutGradients { layer(input) } }.counts
        let fullTypes = layer.basis.mixings.count { $0.type.groups.count >= 2 }
        #expect(counts.products >= layer.basis.mixings.count)
        #expect(counts.products <= 3 * layer.inputSpace.groups.count + fullTypes)
    }

    @Test("a layer over 48 blocks, forward and backward, costs four times as much as one over 12") func growsLinearly()
        throws
    {
        let costs = try [12, 24, 48].map { depth in
            let (layer, input) = try layer(depth: depth)
            let (variable, read) = (layer.mapParameters(\.asVariable), input.map(\.asVariable))
            return OperationCounts.counting {
                let written = variable(read).blocks
                return gradients(
                    of: written, weightedBy: written.map { .ones($0.shape) },
                    withRespectTo: variable.parameters.map(\.value) + read.blocks)
            }.counts
        }
        for quantity in [\OperationCounts.operators, \.products, \.allocations, \.allocatedBytes] {
            let cost = costs.map { Double($0[keyPath: quantity]) }
            #expect(abs((cost[2] - cost[1]) / (cost[1] - cost[0]) - 2) < 0.02)
        }
    }

    private func layer(depth: Int) throws -> (EquivariantLinear, Feature) {
        let sample = try SampleSpace.decoder(depth: depth, tokens: 9)
        var random = RandomSource(seed: 1)
        let space = FeatureSpace(try sample.space.sharingFixedAxes(longerThan: 8), channels: 2)
        let layer = EquivariantLinear(from: space, to: space, bottleneck: .init(), using: &random)
        return (
            layer,
            Feature(space.blocks.map { .normal(shape: space.shape(of: $0, batch: 1), using: &random) }, over: space)
        )
    }

    @Test("what is counted: operators, products forward and backward, memory") func counts() {
        let (a, b) = (Tensor.ones([4, 8]).asVariable, Tensor.ones([8, 2]).asVariable)
        let counts = OperationCounts.counting { gradients(of: matmul(a, b).sum, withRespectTo: [a, b]) }.counts
        #expect(counts.products == 3)
        #expect(counts.operators > counts.products)
        #expect(counts.allocatedBytes >= 4 * (4 * 2 + 4 * 8 + 8 * 2))
        #expect(counts.allocations >= 3)
        let nothing = OperationCounts.counting {}.counts
        #expect([nothing.operators, nothing.products, nothing.allocations, nothing.allocatedBytes] == [0, 0, 0, 0])
    }
}
