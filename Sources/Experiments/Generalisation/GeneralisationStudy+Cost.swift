internal import NeuralFunctionals
internal import Torch
internal import WeightSpaces
public import Zoo

extension GeneralisationStudy.Plan {
    /// What the functional of a study of some of a zoo's networks costs, none of which is read for it.
    ///
    /// - Parameter condition: which networks, an expression in SQL.
    /// - Output: nil where there are none.
    /// - Throws: `ZooError`; what `WeightSpace.sharingFixedAxes(longerThan:)` throws.
    public func cost(of zoo: Zoo, where condition: String?) throws -> TrainingCost? {
        let numbers = try condition.map(zoo.networks(where:)) ?? Array(0..<zoo.count)
        let spaces = Dictionary(grouping: numbers) { zoo.architecture(of: $0).space }.map {
            (space: $0.key, count: $0.value.count)
        }
        return spaces.isEmpty ? nil : try cost(of: spaces)
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
