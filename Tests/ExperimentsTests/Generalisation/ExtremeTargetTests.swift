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

    @Test(
        "a study of extreme targets leaves a result that can be stored, and a page whose numbers fit",
        arguments: [1e160, Double.leastNormalMagnitude / 64, 1e30])
    func study(unit: Double) throws {
        try withTemporaryFolder { folder in
            let sample = try SamplePopulation(count: 60)
            // One network in ten has diverged.
            let targets = sample.squashed.enumerated().map { number, target in
                unit > 1 && !number.isMultiple(of: 10) ? target : target * unit
            }
            let options = TrainingOptions(steps: 4, batch: 8, learningRate: 4e-3, warmUp: 1, validationInterval: 2)
            let study = try GeneralisationStudy(
                of: sample.population(targets: targets),
                .init(
                    networks: "random perceptrons", target: "norm", recipe: "Drawn at random.", command: "make norms"),
                plan: .init(
                    trunk: .init(depth: 1, channels: 4, matrixChannels: 2, frequencies: 0), functional: options,
                    perceptrons: options), in: folder)
            let result = try study.run()
            let data = try Data(contentsOf: folder.appending(path: "result.json"))
            #expect(try JSONDecoder().decode(GeneralisationResult.self, from: data) == result)
            let page = try String(contentsOf: folder.appending(path: "report.html"), encoding: .utf8)
            let table = try #require(page.firstMatch(of: /(?s)<table.*<\/table>/)).output
            #expect(!table.contains(/[0-9]{20}/) && !table.contains("nan"))
        }
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
