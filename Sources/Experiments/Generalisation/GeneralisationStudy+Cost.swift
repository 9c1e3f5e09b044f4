internal import NeuralFunctionals
internal import Torch
internal import WeightSpaces
public import Zoo

extension GeneralisationStudy.Plan {
    /// What the functional of a study of some of a zoo's networks costs, none of which is read for it, and what a baseline
    /// costs that takes more memory.
    ///
    /// - Parameter condition: which networks, an expression in SQL.
    /// - Output: nothing where there are none.
    /// - Throws: `ZooError`; what `WeightSpace.sharingFixedAxes(longerThan:)` throws.
    public func costs(of zoo: Zoo, where condition: String?) throws -> [TrainingCost] {
        let numbers = try condition.map(zoo.networks(where:)) ?? Array(0..<zoo.count)
        let spaces = Dictionary(grouping: numbers) { zoo.architecture(of: $0).space }.map {
            (space: $0.key, count: $0.value.count)
        }
        if spaces.isEmpty { return [] }
        let cost = try cost(of: spaces)
        return [cost] + (perceptronCost(of: spaces).map { $0.bytes > cost.bytes ? [$0] : [] } ?? [])
    }

    private func perceptronCost(of spaces: [(space: WeightSpace, count: Int)]) -> TrainingCost? {
        guard spaces.count == 1, let model = GeneralisationStudy.perceptron(over: spaces[0].space) else { return nil }
        return TrainingCost(
            FlatPerceptron.self, model, named: GeneralisationStudy.perceptronName, of: spaces, options: perceptrons,
            copies: isScaleAware ? 3 : 1)
    }

    /// What the functional of a study of networks of some structures, at least one, costs.
    func cost(of spaces: [(space: WeightSpace, count: Int)]) throws -> TrainingCost {
        // In canonical form, and with factors drawn at random.
        let copies = isScaleAware ? 3 : 1
        guard spaces.count == 1 else {
            let model = MixedFunctional.Configuration(
                spaces: spaces.map(\.space), depth: trunk.depth, channels: trunk.channels,
                matrixChannels: trunk.matrixChannels, outputs: 1)
            return TrainingCost(MixedFunctional.self, model, of: spaces, options: functional, copies: copies)
        }
        let model = GeneralisationStudy.functional(over: try spaces[0].space.sharingFixedAxes(), trunk)
        return TrainingCost(InvariantFunctional.self, model, of: spaces, options: functional, copies: copies)
    }
}

extension GeneralisationStudy {
    static let perceptronName = "perceptron on weights"

    /// The perceptron on all weights in a row, which is left out where it would have more than a hundred million parameters.
    static func perceptron(over space: WeightSpace) -> FlatPerceptron.Configuration? {
        let model = FlatPerceptron.Configuration(space: space, outputs: 1)
        return space.parameterCount > 100_000_000 / (model.hiddenWidths.first ?? 1) ? nil : model
    }
}
