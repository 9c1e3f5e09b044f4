import NeuralFunctionals
import TestSupport
import Testing
import Torch
import WeightSpaces

/// Features of networks whose blocks are slices of parameters.
@Suite(.oneThread) struct SlicedFeatureTests {
    let space: WeightSpace
    let networks: [String: Tensor]

    init() throws {
        space = try SampleSpace.decoder(depth: 2).space
        var random = RandomSource(seed: 1)
        var networks: [String: Tensor] = [:]
        for block in space.blocks where networks[block.parameter] == nil {
            networks[block.parameter] = .normal(shape: [2] + block.shape, dtype: .float64, using: &random)
        }
        self.networks = networks
    }

    @Test("slices turn back into whole parameters, whatever those held before")
    func areAssembled() throws {
        let feature = try Feature(networks: networks, of: space)
        let assembled = try feature.networks(in: space, like: networks.mapValues { $0 * 0 })
        #expect(assembled.keys.sorted() == networks.keys.sorted())
        for (name, tensor) in networks { expectClose(try #require(assembled[name]), tensor, relativeError: 0) }
    }

    @Test("what no block views stays as it is")
    func keepsTheRest() throws {
        let part = try WeightSpace(
            groups: [PermutationGroup("h", size: 2)],
            blocks: [
                Block(
                    parameter: "w", shape: [5], slice: .init(shape: [5], ranges: [1..<3]), axes: [.permuted(0)])
            ])
        let networks = ["w": Tensor([1.0, 2, 3, 4, 5], shape: [1, 5]), "step": Tensor([7.0], shape: [1])]
        let feature = try Feature(networks: networks, of: part)
        let edited = try feature.map { $0 * 10 }.networks(in: part, like: networks)
        #expect(edited["w"]?.elements() == [1.0, 20, 30, 4, 5])
        #expect(edited["step"]?.elements() == [7.0])
    }

    @Test("assembly passes gradients to the feature")
    func isDifferentiable() throws {
        let feature = try Feature(networks: networks, of: space)
        var random = RandomSource(seed: 2)
        let cotangents = networks.mapValues { Tensor.normal(shape: $0.shape, dtype: .float64, using: &random) }
        try expectGradientsMatchCentralDifferences(
            of: { blocks in
                let assembled = try Feature(blocks, over: feature.space).networks(in: space, like: networks)
                let products = networks.keys.sorted().map { (assembled[$0]! * cotangents[$0]!).squared.sum }
                return products.dropFirst().reduce(products[0], +)
            }, at: feature.blocks, relativeError: 1e-6)
    }

    @Test("the feature of a permuted network is the permuted feature")
    func actionsAgree() throws {
        var random = RandomSource(seed: 3)
        let element = GroupElement.random(of: space.groups, using: &random)
        let moved = try Feature(networks: element.acting(on: networks, in: space), of: space)
        #expect(relativeError(moved, element.acting(on: try Feature(networks: networks, of: space))) == 0)
    }
}
