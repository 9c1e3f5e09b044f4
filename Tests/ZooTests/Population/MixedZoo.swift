import Foundation
import Torch
import WeightSpaces
import Zoo

/// What the sample zoo says of itself.
struct SampleSettings: ZooSettings {
    static let kind = "sample"
    var seed: UInt64 = 0
}

/// A network that computes nothing, for zoos of several architectures.
struct SampleNetwork: NetworkDefinition {
    static let kind = "sample"
    let widths: [Int]
    var name: String { "sample \(widths)" }
    var weightSpace: WeightSpace { get throws { try .mlp(widths: widths) } }
}

/// Six pieces of three runs with two checkpoints each, of two architectures; `pieces` of them are written.
@discardableResult
func writeMixedZoo(in folder: URL, seed: UInt64 = 0, pieces: some Sequence<Int> = 0..<6) throws -> Zoo {
    let writer = try ZooWriter([ZooOrigin(SampleSettings(seed: seed), pieces: 6)], in: folder)
    let missing = try writer.missingPieces()
    for piece in pieces where missing.contains(piece) { try writer.add(mixedPiece(piece, seed: seed), number: piece) }
    try writer.finish()
    return try Zoo(contentsOf: folder)
}

private func mixedPiece(_ piece: Int, seed: UInt64) throws -> ZooPiece {
    var random = RandomSource(seed: seed &+ UInt64(piece))
    return try ZooPiece(
        [SampleNetwork(widths: [2, 3, 1]), SampleNetwork(widths: [2, 5, 4, 1])].enumerated().map { index, network in
            let architecture = try NetworkArchitecture(network)
            let runs = index == 0 ? [3 * piece, 3 * piece + 1] : [3 * piece + 2]
            var facts = ZooTable(columns: ["run", "epoch", "activation", "test_accuracy"])
            for run in runs {
                for epoch in [0, 10] {
                    facts.append([
                        .integer(run), .integer(epoch), .text(run % 2 == 0 ? "relu" : "tanh"),
                        epoch == 0 ? .none : .real(Double(run) / 20),
                    ])
                }
            }
            let parameters = architecture.parameters.map {
                Tensor.normal(shape: [facts.rows.count] + $0.shape, using: &random)
            }
            return .init(architecture, parameters: parameters, facts: facts)
        })
}
