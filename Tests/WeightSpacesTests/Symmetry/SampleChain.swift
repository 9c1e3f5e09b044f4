import Foundation
import TestSupport
import Testing
import Torch
import WeightSpaces

/// A chain of layers whose neurons carry factors, and what its networks compute.
struct SampleChain: Sendable, CustomTestStringConvertible {
    let testDescription: String
    let structure: ScalingStructure
    let evaluate: @Sendable ([String: Tensor]) -> Tensor

    var space: WeightSpace { structure.space }

    /// Chains with each kind of factor: sine, tanh, ReLU and leaky ReLU, MLPs and convolutions, without biases, with
    /// ordered inputs and outputs, and with different activations in one network.
    static let all: [SampleChain] = {
        let leaky = { @Sendable (x: Double) in x > 0 ? x : 0.1 * x }
        do {
            return try [
                mlp("SIREN 2-5-4-3", .mlp(widths: [2, 5, 4, 3]), .sign) { sin(30 * $0) },
                mlp("tanh MLP 2-1-4-3-1, no biases", .mlp(widths: [2, 1, 4, 3, 1], hasBiases: false), .sign) {
                    tanh($0)
                },
                mlp("ReLU MLP 3-6-5-2", .mlp(widths: [3, 6, 5, 2]), .positive, activation: rectified),
                mlp(
                    "leaky ReLU MLP 2-4-3-2, no biases", .mlp(widths: [2, 4, 3, 2], hasBiases: false), .positive,
                    activation: leaky),
                mlp(
                    "ReLU MLP 2-5-4-3, all neurons", .mlp(widths: [2, 5, 4, 3], symmetry: .allNeurons), .positive,
                    activation: rectified),
                mlp("tanh MLP 2-5-4-3, all neurons", .mlp(widths: [2, 5, 4, 3], symmetry: .allNeurons), .sign) {
                    tanh($0)
                },
                cnn("ReLU CNN", .positive, activation: rectified),
                cnn("tanh CNN", .sign) { tanh($0) },
                mixed(),
            ]
        } catch {
            preconditionFailure("\(error)")
        }
    }()

    private static func mlp(
        _ name: String, _ space: WeightSpace, _ scaling: NeuronScaling,
        activation: @escaping @Sendable (Double) -> Double
    ) throws -> SampleChain {
        let depth = space.blocks.count { $0.shape.count == 2 }
        let input = (0..<space.blocks[0].shape[1]).map { 1 - 0.7 * Double($0) }
        return SampleChain(testDescription: name, structure: try ScalingStructure(of: space, hiddenNeurons: scaling)) {
            Tensor(evaluateMLP($0, depth: depth, at: input, activation: activation))
        }
    }

    private static func cnn(
        _ name: String, _ scaling: NeuronScaling, activation: @escaping @Sendable (Double) -> Double
    ) throws -> SampleChain {
        let space = try WeightSpace.cnn(
            channels: [2, 4, 3], kernels: [[2], [3]], dense: [2], readout: .flatten(positions: 4))
        let input = [[1, 2, -1, 0.5, 3, -2, 1], [0.2, -1, 1, 2, -0.4, 1, 1]]
        return SampleChain(testDescription: name, structure: try ScalingStructure(of: space, hiddenNeurons: scaling)) {
            Tensor(evaluateFlattenedCNN($0, at: input, activation: activation))
        }
    }

    /// Sines, then ReLUs, then hyperbolic tangents.
    private static func mixed() throws -> SampleChain {
        let space = try WeightSpace.mlp(widths: [2, 5, 4, 3, 2])
        let structure = try ScalingStructure(of: space, scalings: [0: .sign, 1: .positive, 2: .sign])
        return SampleChain(testDescription: "sine, ReLU and tanh MLP 2-5-4-3-2", structure: structure) { network in
            let activations: [(Double) -> Double] = [{ sin($0) }, rectified, { tanh($0) }, { $0 }]
            let output = activations.enumerated().reduce([1, 0.3]) { x, layer in
                let names = ["weight", "bias"]
                let parameters = Dictionary(
                    uniqueKeysWithValues: names.compactMap { name in
                        network["\(layer.offset).\(name)"].map { ("0.\(name)", $0) }
                    })
                return evaluateMLP(parameters, depth: 1, at: x).map(layer.element)
            }
            return Tensor(output)
        }
    }

    /// A network with random weights in float64, and the stream that made it.
    func network(seed: UInt64) -> (network: [String: Tensor], random: RandomSource) {
        var random = RandomSource(seed: seed)
        return (.random(of: space, using: &random), random)
    }
}

extension [String: Tensor] {
    /// The largest relative error of a parameter, each in proportion to its own largest weight.
    func relativeError(to other: [String: Tensor]) -> Double {
        map { name, tensor in other[name].map { TestSupport.relativeError(tensor, $0) } ?? .infinity }.max()
            ?? .infinity
    }
}
