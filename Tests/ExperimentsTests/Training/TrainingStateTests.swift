import TestSupport
import Testing
import Torch
import WeightSpaces

@testable import Experiments

@Suite struct TrainingStateTests {
    @Test("the average is the mean over the first steps, and then forgets")
    func average() throws {
        var random = RandomSource(seed: 0)
        let model = FlatPerceptron(.init(space: try .mlp(widths: [2, 3, 1]), outputs: 1), using: &random)
        var state = TrainingState(model: model, weightDecay: 0)
        for (value, expected) in [(1, 1), (2, 1.5), (6, 3), (3, 3), (6, 4)] {
            state.model = state.model.mapParameters { $0 * 0 + Double(value) }
            state.progress.step += 1
            state.average(over: 3)
            for parameter in state.result.parameters {
                expectClose(parameter.value, parameter.value * 0 + expected, relativeError: 1e-6)
            }
        }
    }
}
