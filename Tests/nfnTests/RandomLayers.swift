import Foundation
import Torch
import WeightSpaces

/// Writes layers with random weights and biases, a weight `[outputs, inputs, …]` each.
func writeLayers(_ weights: [(name: String, shape: [Int])], seed: UInt64, to url: URL) throws {
    var random = RandomSource(seed: seed)
    try SafetensorsFile.write(
        weights.flatMap { name, shape in
            [
                StoredTensor(name: "\(name).weight", .normal(shape: shape, using: &random)),
                StoredTensor(name: "\(name).bias", .normal(shape: [shape[0]], using: &random)),
            ]
        }, to: url)
}
