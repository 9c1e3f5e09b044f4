import Foundation
import TestSupport
import Testing
import Torch

@testable import Graphs
@testable import WeightSpaces

/// A network whose state dict looks like a chain's: its graph as PyTorch exports it, and what is true of it.
struct GuessedNetwork: Decodable, Sendable, CustomTestStringConvertible {
    /// A tensor of the state dict, and which of the graph's weights it is.
    struct StateTensor: Decodable {
        let name: String
        let shape: [Int]
        let storedAs: String
    }

    let name: String
    /// Whether something tells neurons apart that no shape shows.
    let isHidden: Bool
    /// Options of `nfn` that are true and leave nothing open; empty where there are none.
    let stated: [String]
    let tensors: [StateTensor]

    var testDescription: String { name }

    static let all: [GuessedNetwork] = (try? read()) ?? []

    private static func archive() throws -> ZipArchive {
        let fixture = try #require(
            Bundle.module.url(forResource: "guessed", withExtension: "zip", subdirectory: "Fixtures"))
        return try ZipArchive(try MappedFile(fixture))
    }

    private static func read() throws -> [GuessedNetwork] {
        let archive = try archive()
        let member = try #require(archive.members.first { $0.name == "networks.json" })
        return try archive.withBytes(of: member) { try JSONDecoder().decode([GuessedNetwork].self, from: Data($0)) }
    }

    /// What the options state.
    var facts: StatedFacts {
        var facts = StatedFacts()
        facts.isChain = stated.contains("--chain")
        facts.normalizesLayers = stated.contains("--layer-norm")
        facts.flatten = StatedFacts.FlattenOrder.allCases.first { stated.contains($0.rawValue) }
        return facts
    }

    /// The network as its file says it is, and as its state dict is read; `nil` in place of one that is refused.
    func open(stating facts: StatedFacts) throws -> (truth: Network, guess: Network?) {
        try withTemporaryFolder { folder in
            let archive = try Self.archive()
            let member = try #require(archive.members.first { $0.name == "\(name).onnx" })
            let graph = folder.appending(path: "\(name).onnx")
            try archive.withBytes(of: member) { try Data($0).write(to: graph) }
            let truth = try Network(graph)
            let state = folder.appending(path: "\(name).safetensors")
            let stored = try tensors.map { tensor in
                let entry = try #require(truth.checkpoint[tensor.storedAs])
                #expect(entry.shape == tensor.shape)
                return StoredTensor(name: tensor.name, try #require(try truth.checkpoint.tensor(entry)))
            }
            try SafetensorsFile.write(stored, to: state)
            do {
                return (truth, try Network(state, stating: facts))
            } catch is FamilyError {
                return (truth, nil)
            }
        }
    }

    /// How far the true network's outputs move, relative to the largest, when its weights are those of a permuted copy of
    /// the state dict.
    func change(_ truth: Network, permutedLike guess: Network) throws -> Double {
        var random = RandomSource(seed: 3)
        let space = try guess.symmetries().space
        let element = GroupElement.random(of: space.groups, using: &random)
        let moved = try element.acting(on: guess.parameters(.float64), in: space)
        let evaluator = try GraphEvaluator(truth.graph)
        var parameters = try truth.parameters(.float64)
        let inputs = truth.randomInputs(bounds: [:], using: &random)
        let before = try evaluator.evaluate(parameters: parameters, inputs: inputs, dtype: .float64)[0]
        for tensor in tensors { parameters[tensor.storedAs] = moved[tensor.name] }
        let after = try evaluator.evaluate(parameters: parameters, inputs: inputs, dtype: .float64)[0]
        for tensor in tensors where tensor.storedAs != tensor.name {
            #expect(moved[tensor.name]?.isEqual(to: try #require(moved[tensor.storedAs])) == true, "\(tensor.name)")
        }
        let axes = Array(0..<before.rank)
        return (before - after).magnitude.maximum(axes).item / before.magnitude.maximum(axes).item
    }
}
