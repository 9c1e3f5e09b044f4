import Experiments
import Testing
import Torch

struct KendallTauTests {
    @Test(
        "values worked out by hand",
        arguments: [
            ([1, 2, 3, 4], [10, 20, 30, 40], 1), ([1, 2, 3, 4], [4, 3, 2, 1], -1),
            // Of six pairs, only (2, 3) is discordant.
            ([1, 2, 3, 4], [1, 3, 2, 4], 4.0 / 6),
            // Of ten pairs two are tied in the first, one of them in both; C = 2, D = 6.
            ([12, 2, 1, 12, 2], [1, 4, 7, 1, 0], -4 / 72.0.squareRoot()),
            // One pair is tied in each, none in both; C = 4, D = 0.
            ([1, 1, 2, 3], [1, 2, 3, 3], 4.0 / 5),
        ] as [([Double], [Double], Double)])
    func byHand(a: [Double], b: [Double], expected: Double) {
        let tau = kendallTau(a, b)
        #expect(tau.map { abs($0 - expected) < 1e-15 } == true, "\(String(describing: tau)), not \(expected)")
    }

    @Test("there is no τ of a constant, of one number, or with NaN")
    func undefined() {
        #expect(kendallTau([1, 1, 1], [1, 2, 3]) == nil)
        #expect(kendallTau([1, 2, 3], [2, 2, 2]) == nil)
        #expect(kendallTau([1], [1]) == nil)
        #expect(kendallTau([], []) == nil)
        #expect(kendallTau([1, .nan, 3], [1, 2, 3]) == nil)
        #expect(kendallTau([1, -.infinity, 3], [2, 1, 3]) == 1)
    }

    @Test("counts what counting all pairs counts", arguments: 0..<40)
    func bruteForce(seed: UInt64) throws {
        var random = RandomSource(seed: seed)
        let count = Int.random(in: 2...70, using: &random)
        let values = Int.random(in: 2...30, using: &random)
        let (a, b) = (0..<2).map { _ in (0..<count).map { _ in Double(Int.random(in: 0..<values, using: &random)) } }
            .pair
        var (difference, untiedInA, untiedInB) = (0, 0, 0)
        for i in 0..<count {
            for j in 0..<i {
                let (first, second) = (sign(a[i] - a[j]), sign(b[i] - b[j]))
                difference += first * second
                untiedInA += abs(first)
                untiedInB += abs(second)
            }
        }
        let untied = Double(untiedInA) * Double(untiedInB)
        #expect(kendallTau(a, b) == (untied == 0 ? nil : Double(difference) / untied.squareRoot()))
    }

    private func sign(_ value: Double) -> Int { value > 0 ? 1 : value < 0 ? -1 : 0 }
}

extension [[Double]] {
    fileprivate var pair: ([Double], [Double]) { (self[0], self[1]) }
}
