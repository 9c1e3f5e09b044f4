import Foundation
import TestSupport
import Testing
import Torch

@testable import Experiments

@Suite struct TargetScaleTests {
    private func logit(_ rank: Double) -> Double { log(rank / (1 - rank)) }

    @Test("a rank is the part of the training targets that are lower, equal ones counted half")
    func ranks() {
        let scale = TargetScale([30, 10, 10, 20])
        #expect([10.0, 20, 30, 15].map(scale.rank) == [0.25, 0.625, 0.875, 0.4375])
        for target in [10.0, 15, 20, 27, 30] {
            #expect(abs(scale.prediction(logit(scale.rank(of: target))) - target) < 1e-9)
        }
    }

    @Test("a larger output stands for a larger target, also where many are equal and beyond the outermost")
    func order() {
        let scale = TargetScale([Double](repeating: 0.1, count: 50) + [0.2, 0.3])
        let predictions = stride(from: -8.0, through: 8, by: 0.25).map(scale.prediction)
        #expect(zip(predictions, predictions.dropFirst()).allSatisfy(<))
        #expect(predictions.allSatisfy { (0...0.4).contains($0) })
    }

    @Test("targets of one value are all that can be predicted")
    func constantTargets() {
        let scale = TargetScale([7, 7, 7])
        #expect(scale.rank(of: 7) == 0.5)
        #expect([-3.0, 0, 900, -900].map(scale.prediction) == [7, 7, 7, 7])
    }

    @Test("many targets are kept in a few hundred knots, and come back through JSON")
    func manyTargets() throws {
        var random = RandomSource(seed: 1)
        let targets = Tensor.normal(shape: [20_000], dtype: .float64, using: &random).elements(as: Double.self)
        let scale = TargetScale(targets)
        let data = try JSONEncoder().encode(scale)
        #expect(data.count < 30_000)
        let stored = try JSONDecoder().decode(TargetScale.self, from: data)
        let sorted = targets.sorted()
        for index in stride(from: 100, to: sorted.count, by: 100) {
            let rank = (Double(index) + 0.5) / Double(sorted.count)
            #expect(abs(stored.rank(of: sorted[index]) - rank) < 1 / 512)
        }
    }
}
