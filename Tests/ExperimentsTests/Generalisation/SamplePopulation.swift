import Experiments
import Foundation
import NeuralFunctionals
import Torch
import WeightSpaces
import Zoo

/// Perceptrons 3-8-2 with random weights of various sizes, two checkpoints a run; what is to be predicted is the squared
/// norm of all weights, brought to mean zero and deviation one.
struct SamplePopulation {
    let space: WeightSpace
    let parameters: [Tensor]
    let norms: [Double]

    init(count: Int = 240, seed: UInt64 = 1) throws {
        var random = RandomSource(seed: seed)
        space = try .mlp(widths: [3, 8, 2])
        let sizes = Tensor.uniform(0.5...1.5, shape: [count, 1], dtype: .float64, using: &random)
        parameters = space.blocks.map { block in
            let normal = Tensor.normal(shape: [count] + block.shape, dtype: .float64, using: &random)
            return normal * sizes.reshaped([count] + block.shape.map { _ in 1 })
        }
        let squares = parameters.map { $0.reshaped([count, -1]).squared.sum([1]) }
        let norms = squares.dropFirst().reduce(squares[0], +)
        let deviation = (norms - norms.mean).squared.mean.item.squareRoot()
        self.norms = ((norms - norms.mean) / deviation).elements()
    }

    /// The norms squashed into 0...1.
    var squashed: [Double] { norms.map { 1 / (1 + exp(-$0)) } }

    /// The networks with some targets.
    func population(
        targets: [Double], parameters: [Tensor]? = nil, dtype: DType = .float32
    ) throws -> WeightPopulation {
        let runs = targets.indices.map { $0 / 2 }
        let subsets = Dictionary(grouping: targets.indices) {
            runs[$0] % 3 == 0 ? "activation relu" : "activation tanh"
        }
        return WeightPopulation(
            space, parameters: (parameters ?? self.parameters).map { $0.to(dtype) }, targets: targets, runs: runs,
            subsets: subsets,
            split: try Split(groups: runs, validation: .fraction(0.2), test: .fraction(0.3)))
    }
}
