import NeuralFunctionals
import TestSupport
import Testing
import Torch
import WeightSpaces

@testable import Graphs

@Suite("Functionals over exported networks", .oneThread)
struct FunctionalsOverNetworksTests {
    /// A network's derived space with random weights, and an equivariant functional over it, in float64.
    private func sample(_ name: String) throws -> (model: EquivariantFunctional, weights: Feature) {
        let space = try SampleNetwork.with(name) { try $0.symmetries().space.sharingFixedAxes() }
        let trunk = FunctionalConfiguration(
            space: space, fourier: nil, positional: .init(bands: 2), depth: 2, channels: 2, matrixChannels: 1,
            block: .init(activation: .gelu, isNormalized: false), bottleneck: .init(rank: 8, views: 8))
        var random = RandomSource(seed: 1)
        let model = EquivariantFunctional(.init(trunk: trunk, initialScale: 0.5), using: &random).to(.float64)
        return (model, SampleSpace(name, space).feature(channels: 1, batch: 1, using: &random))
    }

    @Test(
        "f(g · U) = g · f(U) in float64, and an uncoupled permutation is noticed", arguments: ["resnet18", "gpt2_mini"])
    func equivariance(name: String) throws {
        let (model, weights) = try sample(name)
        var random = RandomSource(seed: 2)
        let element = GroupElement.random(of: model.space.groups, movingOrdered: false, using: &random)
        let output = withoutGradients { model(weights) }
        let moved = withoutGradients { model(element.acting(on: weights)) }
        #expect(relativeError(moved, element.acting(on: output)) <= 1e-10)

        let groups = model.space.groups
        let index = try #require(
            weights.space.blocks.firstIndex { block in block.groups.contains { !groups[$0].isOrdered } })
        let axis = try #require(weights.space.blocks[index].groups.firstIndex { !groups[$0].isOrdered })
        func rotated(_ feature: Feature) -> Feature {
            var blocks = feature.blocks
            let size = blocks[index].size(axis + 1)
            blocks[index] = blocks[index].gathered(axis + 1, at: (1..<size) + [0])
            return Feature(blocks, over: feature.space)
        }
        let uncoupled = withoutGradients { model(rotated(weights)) }
        #expect(relativeError(uncoupled, rotated(output)) >= 1e-3)
    }

    @Test("derivatives along random directions are central differences", arguments: ["resnet18", "gpt2_mini"])
    func gradients(name: String) throws {
        let (model, weights) = try sample(name)
        var random = RandomSource(seed: 3)
        let points = weights.blocks + model.parameters.map(\.value)
        let directions = points.map { Tensor.normal(shape: $0.shape, dtype: .float64, using: &random) }
        func value(_ points: [Tensor]) -> Tensor {
            var model = model
            model.setParameters(Array(points.dropFirst(weights.blocks.count)))
            let output = model(Feature(Array(points.prefix(weights.blocks.count)), over: weights.space))
            return output.blocks.dropFirst().reduce(output.blocks[0].squared.mean) { $0 + $1.squared.mean }
        }
        let variables = points.map(\.asVariable)
        let slopes = Torch.gradients(of: value(variables), withRespectTo: variables)
        let step = 1e-6
        for part in [0..<weights.blocks.count, weights.blocks.count..<points.count] {
            let analytic = part.reduce(0) { $0 + (slopes[$1] * directions[$1]).sum.item }
            func moved(_ sign: Double) -> Double {
                let there = points.indices.map {
                    part.contains($0) ? points[$0] + directions[$0] * (sign * step) : points[$0]
                }
                return withoutGradients { value(there).item }
            }
            let numeric = (moved(1) - moved(-1)) / (2 * step)
            #expect(abs(analytic - numeric) <= 1e-6 * max(abs(numeric), 1e-3), "\(analytic), \(numeric)")
        }
    }
}
