import Experiments
import Testing

struct AgreementTests {
    @Test("values worked out by hand")
    func byHand() {
        let agreement = Agreement(predictions: [1, 2, 5], targets: [1, 2, 3])
        #expect(agreement.tau == 1)
        #expect(agreement.determination == -1)
        #expect(agreement.meanAbsoluteError == 2.0 / 3)
    }

    @Test("the mean explains nothing, the truth everything")
    func extremes() {
        #expect(Agreement(predictions: [2, 2, 2], targets: [1, 2, 3]).determination == 0)
        #expect(Agreement(predictions: [2, 2, 2], targets: [1, 2, 3]).tau == nil)
        #expect(Agreement(predictions: [1, 2, 3], targets: [1, 2, 3]).determination == 1)
        #expect(Agreement(predictions: [0.1], targets: [0.3]).determination == nil)
    }
}

struct CalibrationTests {
    @Test("tenths are ordered by prediction, and hold everything once")
    func tenths() {
        let predictions = (0..<25).map { Double(($0 * 7) % 25) }
        let parts = Calibration(predictions: predictions, targets: predictions.map { 2 * $0 }).parts
        #expect(parts.map(\.count).reduce(0, +) == 25 && parts.count == 10)
        #expect(parts.allSatisfy { [2, 3].contains($0.count) && $0.target == 2 * $0.predicted })
        #expect(parts.map(\.predicted).prefix(3) == [0.5, 3, 5.5])
    }

    @Test("fewer than ten networks make a part each")
    func few() {
        let parts = Calibration(predictions: [0.3, 0.1], targets: [0, 1]).parts
        #expect(parts.map(\.predicted) == [0.1, 0.3] && parts.map(\.target) == [1, 0])
        #expect(Calibration(predictions: [], targets: []).parts.isEmpty)
    }
}
