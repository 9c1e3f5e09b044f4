public import Torch
public import WeightSpaces

extension WeightPopulation {
    /// The same networks in the canonical form of their neurons' scale (positive homogeneous activations) or sign (odd
    /// ones): what is learned from it does not depend on either.
    ///
    /// - Throws: `WeightSpaceError`.
    public func canonical() throws -> WeightPopulation {
        try scaled { structure, networks, _ in try ScalingElement(canonicalizing: networks, in: structure) }
    }

    /// Networks with the same functions whose neurons are scaled at random, by signs and factors of 0.1 to 10.
    ///
    /// - Throws: `WeightSpaceError`.
    public func rescaled(using random: inout RandomSource) throws -> WeightPopulation {
        try scaled { structure, _, count in
            .random(of: structure, networks: count, magnitudes: 0.1...10, using: &random)
        }
    }

    private func scaled(
        by element: (ScalingStructure, [String: Tensor], _ count: Int) throws -> ScalingElement
    ) throws -> WeightPopulation {
        let scalings = Dictionary(grouping: scalings.sorted { $0.value[0] < $1.value[0] }, by: \.key.space)
        let scaled = try stacks.map { stack in
            let rows = Dictionary(uniqueKeysWithValues: zip(stack.networks, stack.networks.indices))
            return try stack.scaled(
                scalings[stack.space, default: []].map { ($0.key, $0.value.compactMap { rows[$0] }) },
                by: element)
        }
        return replacing(scaled, keepsScalings: true)
    }
}

extension WeightPopulation.Stack {
    fileprivate func scaled(
        _ scalings: [(structure: ScalingStructure, rows: [Int])],
        by element: (ScalingStructure, [String: Tensor], _ count: Int) throws -> ScalingElement
    ) throws -> Self {
        let names = space.parameters.map(\.name)
        var order: [Int] = []
        var parts: [[Tensor]] = []
        for (structure, rows) in scalings where !rows.isEmpty {
            let stored = Dictionary(uniqueKeysWithValues: zip(names, parameters.map { $0.gathered(0, at: rows) }))
            let changed = try element(structure, stored, rows.count).acting(on: stored)
            parts.append(names.compactMap { changed[$0] })
            order += rows
        }
        let others = Set(networks.indices).subtracting(order).sorted()
        if !others.isEmpty { parts.append(parameters.map { $0.gathered(0, at: others) }) }
        order += others
        var positions = [Int](repeating: 0, count: order.count)
        for (position, row) in order.enumerated() { positions[row] = position }
        return Self(
            space, networks: networks,
            parameters: parameters.indices.map { index in
                concatenate(parts.map { $0[index] }, axis: 0).gathered(0, at: positions)
            })
    }
}

extension NeuronScaling {
    /// The factors that an activation of this name passes on, if there are any.
    public init?(activation: String) {
        switch activation {
        case "relu", "leakyReLU": self = .positive
        case "tanh", "sine": self = .sign
        default: return nil
        }
    }
}
