import Foundation
import TestSupport
import Testing
import Zoo

@testable import Experiments

@Suite("Extreme targets") struct ExtremeTargetTests {
    @Test(
        "agreement does not depend on the unit, however large or small",
        arguments: [1e160, 1e300, 1e-160, Double.leastNormalMagnitude / 64, 1e30])
    func unit(_ unit: Double) throws {
        let (targets, predictions) = ([1.0, 2, 3, 5], [1.5, 2, 2.5, 4])
        let usual = Agreement(predictions: predictions, targets: targets)
        let found = Agreement(predictions: predictions.map { $0 * unit }, targets: targets.map { $0 * unit })
        #expect(found.tau == usual.tau)
        let (a, b) = (try #require(found.determination), try #require(usual.determination))
        #expect(abs(a - b) < 1e-9)
        #expect(abs(found.meanAbsoluteError / unit - usual.meanAbsoluteError) < 1e-9)
        let data = try JSONEncoder().encode(found)
        #expect(try JSONDecoder().decode(Agreement.self, from: data) == found)
    }

    @Test("what is not defined is nothing, and can be stored") func undefined() throws {
        let wild = Agreement(predictions: [1e300, 1e300], targets: [1, 2])
        #expect(wild.determination == nil && wild.meanAbsoluteError.isFinite)
        #expect(Agreement(predictions: [1, 2], targets: [0, 0]).determination == nil)
    }

    @Test("large figures are written as powers of ten") func figures() {
        #expect(GeneralisationResult.figure(-5.4e59) == "−5.4 × 10⁵⁹")
        #expect(GeneralisationResult.figure(-12.3456) == "−12.346" && GeneralisationResult.figure(nil) == "–")
        #expect(Numeral.significant(1.7e160) == "1.7 × 10¹⁶⁰" && Numeral.significant(123_456) == "123456")
        #expect(Numeral.significant(Double.leastNonzeroMagnitude) == "4.9 × 10⁻³²⁴")
    }
}
