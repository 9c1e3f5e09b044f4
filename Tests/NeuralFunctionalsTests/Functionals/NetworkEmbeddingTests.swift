import NeuralFunctionals
import TestSupport
import Testing
import Torch
import WeightSpaces

@Suite(.oneThread) struct NetworkEmbeddingTests {
    static let spaces: [SampleSpace] = {
        do {
            return try SampleSpace.all.filter(\.hasWideGroup) + [
                .residual(depth: 4), .decoder(depth: 3, tokens: 70),
                SampleSpace("wide MLP", .mlp(widths: [100, 64, 64, 10])),
            ]
        } catch {
            preconditionFailure("\(error)")
        }
    }()

    private func network(_ space: WeightSpace, seed: UInt64) -> [String: Tensor] {
        var random = RandomSource(seed: seed)
        var network: [String: Tensor] = [:]
        for block in space.blocks where network[block.parameter] == nil {
            network[block.parameter] = .normal(shape: block.shape, using: &random) * 0.1
        }
        return network
    }

    @Test("renumbered neurons leave the vector, other weights do not", arguments: spaces)
    func tellsNetworksApart(sample: SampleSpace) throws {
        var random = RandomSource(seed: 1)
        let embedding = try NetworkEmbedding(sample.space)
        let network = network(sample.space, seed: 2)
        let vector = try embedding(network)
        #expect(vector.shape == [64] && vector.dtype == .float32 && vector.isFinite)
        let element = GroupElement.random(of: sample.space.groups, movingOrdered: false, using: &random)
        let moved = try embedding(element.acting(on: network, in: sample.space))
        expectClose(moved, vector, relativeError: 1e-4)
        #expect(relativeError(try embedding(self.network(sample.space, seed: 3)), vector) > 1e-2)
        let size = vector.squared.mean.item.squareRoot()
        #expect(0.05 < size && size < 20, "\(size)")
    }

    @Test("one embedding is as another, and its length can be chosen")
    func isReproducible() throws {
        let space = try WeightSpace.mlp(widths: [3, 5, 2])
        let network = network(space, seed: 4)
        #expect(
            try NetworkEmbedding(space)(network).elements(as: Float.self) == NetworkEmbedding(space)(network).elements()
        )
        #expect(try NetworkEmbedding(space, outputs: 7)(network).shape == [7])
    }

    @Test("a file gives the vector of its weights; a network without weights has none")
    func readsFiles() throws {
        try withTemporaryFolder { folder in
            let sample = try SampleSpace.decoder(depth: 1, tokens: 70)
            let network = network(sample.space, seed: 6)
            let url = folder.appending(path: "network.safetensors")
            try SafetensorsFile.write(
                network.sorted { $0.key < $1.key }.map { StoredTensor(name: $0.key, $0.value) }, to: url)
            let embedding = try NetworkEmbedding(sample.space)
            let vector = try embedding(SafetensorsFile(url))
            #expect(try vector.elements(as: Float.self) == embedding(network).elements())
        }
        #expect(throws: WeightSpaceError.noParameters) {
            try NetworkEmbedding(WeightSpace(groups: [], blocks: []))
        }
    }

    @Test("equal weights in a block do no harm, and infinite ones are refused")
    func degenerate() throws {
        let space = try WeightSpace.mlp(widths: [3, 5, 2])
        var network = network(space, seed: 5)
        network["0.bias"] = Tensor(repeating: 0.1, shape: [5])
        #expect(try NetworkEmbedding(space)(network).isFinite)
        let vector = try NetworkEmbedding(space)(network)
        for scale in [1e-42, 1e-38, 1e38] {
            let scaled = try NetworkEmbedding(space)(network.mapValues { ($0.to(.float64) * scale).to(.float32) })
            #expect(relativeError(scaled, vector) < (scale < 1e-40 ? 1e-1 : 1e-4))
        }
        network["0.bias"] = Tensor(repeating: .infinity, shape: [5])
        #expect(throws: WeightSpaceError.notFinite("0.bias")) { try NetworkEmbedding(space)(network) }
    }
}
