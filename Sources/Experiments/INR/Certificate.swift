public import NeuralFunctionals
public import Torch
internal import WeightSpaces

/// How exactly a functional respects its weight space's symmetry, measured in float64.
public struct Certificate: Hashable, Sendable, Codable {
    /// The largest `‖f(g · U) − f(U)‖∞ / ‖f(U)‖∞` of an invariant functional, or `‖f(g · U) − g · f(U)‖∞ / ‖f(U)‖∞`
    /// of an equivariant one.
    public let error: Double
    /// The same after permuting one axis alone, which no symmetry does: it must be large.
    public let negativeControlError: Double

    /// Measures a classifier on networks and random permutations.
    public init(_ classifier: InvariantFunctional, on networks: Feature, trials: Int, using random: inout RandomSource)
    {
        let (model, networks) = (classifier.to(.float64), networks.map { $0.to(.float64) })
        self.init(networks, of: classifier.space, trials: trials, using: &random) { moved, element in
            element == nil ? [model(moved)] : [model(networks)]
        }
    }

    /// Measures an editor on networks and random permutations.
    public init(_ editor: EquivariantFunctional, on networks: Feature, trials: Int, using random: inout RandomSource) {
        let (model, networks) = (editor.to(.float64), networks.map { $0.to(.float64) })
        // What an edit adds, so that the network itself does not hide an error.
        let edits = { (networks: Feature) in zip(model(networks).blocks, networks.blocks).map { $0 - $1 } }
        self.init(networks, of: editor.space, trials: trials, using: &random) { moved, element in
            guard let element else { return edits(moved) }
            return element.acting(on: Feature(edits(networks), over: networks.space)).blocks
        }
    }

    /// - Parameter outputs: the outputs for permuted networks (`element` is `nil`), or what they should be.
    private init(
        _ networks: Feature, of space: WeightSpace, trials: Int, using random: inout RandomSource,
        outputs: (_ networks: Feature, _ element: GroupElement?) -> [Tensor]
    ) {
        (error, negativeControlError) = withoutGradients {
            var error = 0.0
            for _ in 0..<trials {
                let element = GroupElement.random(of: space.groups, movingOrdered: false, using: &random)
                let found = outputs(element.acting(on: networks), nil)
                error = max(error, Self.relativeError(found, outputs(networks, element)))
            }
            let found = outputs(Self.uncoupled(networks), nil)
            return (error, Self.relativeError(found, outputs(networks, .identity(of: space.groups))))
        }
    }

    /// The networks with the neurons of one block rotated and all others left.
    private static func uncoupled(_ networks: Feature) -> Feature {
        let groups = networks.space.groups
        let index = networks.space.blocks.indices.max { a, b in
            let sizes = [a, b].map { networks.space.blocks[$0].groups.map { groups[$0].size }.reduce(1, *) }
            return sizes[0] < sizes[1]
        }
        guard let index, let group = networks.space.blocks[index].groups.first else { return networks }
        var blocks = networks.blocks
        blocks[index] = blocks[index].gathered(1, at: Array(1..<groups[group].size) + [0])
        return Feature(blocks, over: networks.space)
    }

    private static func relativeError(_ found: [Tensor], _ expected: [Tensor]) -> Double {
        func largest(_ tensors: [Tensor]) -> Double {
            tensors.map { $0.reshaped([-1]).magnitude.maximum([0]).item }.max() ?? 0
        }
        return largest(zip(found, expected).map { $0 - $1 }) / max(largest(expected), .leastNormalMagnitude)
    }
}
